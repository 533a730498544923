-- CreateEnum
CREATE TYPE "CampaignObjective" AS ENUM ('CLICK', 'CONVERSION', 'REVENUE', 'RETENTION');

-- CreateEnum
CREATE TYPE "OfferKind" AS ENUM ('PERCENTAGE', 'FIXED', 'FREE_SHIPPING', 'BUNDLE', 'POINTS');

-- CreateEnum
CREATE TYPE "SuppressionReason" AS ENUM ('BOUNCE', 'COMPLAINT');

-- CreateEnum
CREATE TYPE "AuditSubject" AS ENUM ('CAMPAIGN');

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "CampaignStatus" ADD VALUE 'PLANNED';
ALTER TYPE "CampaignStatus" ADD VALUE 'CANCELLED';

-- AlterTable
ALTER TABLE "Campaign" ADD COLUMN     "attributionWindowDays" INTEGER,
ADD COLUMN     "audience" JSONB NOT NULL DEFAULT '{"by": "MODEL"}',
ADD COLUMN     "channels" JSONB,
ADD COLUMN     "frequencyCap" JSONB,
ADD COLUMN     "objective" "CampaignObjective" NOT NULL DEFAULT 'CONVERSION',
ADD COLUMN     "quietHours" JSONB,
ADD COLUMN     "sendingWindows" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "Offer" ADD COLUMN     "categories" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "kind" "OfferKind",
ADD COLUMN     "points" INTEGER;

-- CreateTable
CREATE TABLE "AuditEntry" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "credentialId" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "action" TEXT NOT NULL,
    "subjectKind" "AuditSubject" NOT NULL,
    "subjectId" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Subscription" (
    "shopId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "channel" "CampaignChannel" NOT NULL,
    "isSubscribed" BOOLEAN,
    "source" TEXT,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "suppression" "SuppressionReason",
    "suppressedAt" TIMESTAMPTZ(3),
    "linkId" TEXT,

    CONSTRAINT "Subscription_pkey" PRIMARY KEY ("shopId","userId","channel")
);

-- CreateIndex
CREATE INDEX "AuditEntry_shopId_subjectKind_subjectId_occurredAt_id_idx" ON "AuditEntry"("shopId", "subjectKind", "subjectId", "occurredAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Subscription_linkId_key" ON "Subscription"("linkId");
