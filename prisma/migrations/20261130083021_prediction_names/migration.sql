-- Rows that exist were written in this order. The default also serves gateways that still run the version before: they
-- insert without naming this column. PostgreSQL stores it once; no row is rewritten.
-- AlterTable
ALTER TABLE "Prediction" ADD COLUMN     "names" TEXT[] DEFAULT ARRAY['VIEW', 'CLICK', 'SEARCH', 'CART_ADD', 'CART_REMOVE', 'WISHLIST', 'PURCHASE', 'RETURN', 'RATING', 'SHARE', 'DISLIKE', 'LEAVE']::TEXT[];
