-- DropIndex
DROP INDEX "Interaction_shopId_productId_occurredAt_idx";
