-- AlterTable
ALTER TABLE "Shop" ADD COLUMN     "policy" JSONB;
