-- AlterEnum
ALTER TYPE "InteractionType" ADD VALUE 'REVIEW';
