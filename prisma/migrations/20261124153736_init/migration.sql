-- CreateEnum
CREATE TYPE "InteractionType" AS ENUM ('VIEW', 'CLICK', 'SEARCH', 'CART_ADD', 'CART_REMOVE', 'WISHLIST', 'PURCHASE', 'RETURN', 'RATING', 'SHARE', 'DISLIKE');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('SHOPPER', 'STOREFRONT', 'INGEST', 'MERCHANDISER', 'ADMIN');

-- CreateEnum
CREATE TYPE "ConsentPurpose" AS ENUM ('PERSONALIZATION', 'ANALYTICS', 'MARKETING');

-- CreateEnum
CREATE TYPE "ReactionType" AS ENUM ('LIKE', 'LOVE', 'COMMENT', 'REPOST');

-- CreateEnum
CREATE TYPE "CampaignStatus" AS ENUM ('DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED', 'COMPLETED');

-- CreateEnum
CREATE TYPE "CampaignChannel" AS ENUM ('EMAIL', 'SMS', 'PUSH', 'ONSITE', 'MAIL');

-- CreateEnum
CREATE TYPE "CampaignArm" AS ENUM ('TREATMENT', 'HOLDOUT');

-- CreateEnum
CREATE TYPE "OutcomeType" AS ENUM ('OPEN', 'CLICK', 'VISIT', 'CONVERSION', 'UNSUBSCRIBE');

-- CreateEnum
CREATE TYPE "PredictionKind" AS ENUM ('NEXT_ACTION', 'CAMPAIGN_RESPONSE', 'CAMPAIGN_UPLIFT');

-- CreateEnum
CREATE TYPE "TrainingStatus" AS ENUM ('QUEUED', 'RUNNING', 'PUBLISHED', 'REJECTED', 'FAILED', 'CANCELLED');

-- CreateTable
CREATE TABLE "Shop" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "defaultLocale" TEXT NOT NULL DEFAULT 'en',
    "currency" CHAR(3) NOT NULL DEFAULT 'USD',
    "interactionRetentionDays" INTEGER,
    "listRetentionDays" INTEGER NOT NULL DEFAULT 90,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Shop_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ApiKey" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "secretHash" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiKey_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "User" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "locale" TEXT,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "isStub" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deactivatedAt" TIMESTAMPTZ(3),

    CONSTRAINT "User_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Consent" (
    "shopId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "purpose" "ConsentPurpose" NOT NULL,
    "granted" BOOLEAN NOT NULL,
    "source" TEXT,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Consent_pkey" PRIMARY KEY ("shopId","userId","purpose")
);

-- CreateTable
CREATE TABLE "Product" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "title" TEXT,
    "description" TEXT,
    "locale" TEXT,
    "translations" JSONB NOT NULL DEFAULT '{}',
    "categoryPath" TEXT[],
    "tags" TEXT[],
    "priceMinor" INTEGER,
    "currency" CHAR(3),
    "stock" INTEGER,
    "imageUrl" TEXT,
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "isActive" BOOLEAN NOT NULL DEFAULT true,
    "isStub" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Product_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Interaction" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "productId" TEXT,
    "type" "InteractionType" NOT NULL,
    "value" DOUBLE PRECISION,
    "priceMinor" INTEGER,
    "queryText" TEXT,
    "sessionId" TEXT,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "listId" TEXT,
    "listRank" INTEGER,

    CONSTRAINT "Interaction_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "SocialPost" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "authorId" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "locale" TEXT,
    "productIds" TEXT[],
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SocialPost_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "SocialReaction" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "postId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "type" "ReactionType" NOT NULL,
    "body" TEXT,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SocialReaction_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Follow" (
    "shopId" TEXT NOT NULL,
    "followerId" TEXT NOT NULL,
    "followeeId" TEXT NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Follow_pkey" PRIMARY KEY ("shopId","followerId","followeeId")
);

-- CreateTable
CREATE TABLE "Campaign" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "CampaignStatus" NOT NULL DEFAULT 'DRAFT',
    "channel" "CampaignChannel" NOT NULL,
    "budgetMinor" INTEGER,
    "holdoutRate" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "startsAt" TIMESTAMPTZ(3),
    "endsAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Campaign_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Offer" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "campaignId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "discountRate" DOUBLE PRECISION,
    "discountMinor" INTEGER,
    "productIds" TEXT[],
    "costMinor" INTEGER,

    CONSTRAINT "Offer_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "CampaignContact" (
    "shopId" TEXT NOT NULL,
    "campaignId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "offerId" TEXT,
    "arm" "CampaignArm" NOT NULL,
    "propensity" DOUBLE PRECISION,
    "contactedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CampaignContact_pkey" PRIMARY KEY ("shopId","campaignId","userId")
);

-- CreateTable
CREATE TABLE "CampaignOutcome" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "campaignId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "type" "OutcomeType" NOT NULL,
    "valueMinor" INTEGER,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CampaignOutcome_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "InterestTag" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "parentId" TEXT,
    "names" JSONB NOT NULL,
    "terms" TEXT[],
    "isHidden" BOOLEAN NOT NULL DEFAULT false,
    "isPinned" BOOLEAN NOT NULL DEFAULT false,
    "modelVersion" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "InterestTag_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "UserInterest" (
    "shopId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "tagId" TEXT NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "UserInterest_pkey" PRIMARY KEY ("shopId","userId","tagId")
);

-- CreateTable
CREATE TABLE "ProductInterest" (
    "shopId" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "tagId" TEXT NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "ProductInterest_pkey" PRIMARY KEY ("shopId","productId","tagId")
);

-- CreateTable
CREATE TABLE "Prediction" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "kind" "PredictionKind" NOT NULL,
    "subjectId" TEXT,
    "distribution" JSONB NOT NULL,
    "modelVersion" TEXT NOT NULL,
    "predictedAt" TIMESTAMPTZ(3) NOT NULL,
    "outcome" JSONB,
    "outcomeAt" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Prediction_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "RecommendationList" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "userId" TEXT,
    "sourceProductId" TEXT,
    "placement" TEXT NOT NULL,
    "strategy" TEXT NOT NULL,
    "modelVersion" TEXT,
    "degraded" TEXT,
    "productIds" TEXT[],
    "scores" DOUBLE PRECISION[],
    "sources" TEXT[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RecommendationList_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "Explanation" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "subjectId" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "baseValue" DOUBLE PRECISION NOT NULL,
    "score" DOUBLE PRECISION NOT NULL,
    "attributions" JSONB NOT NULL,
    "modelVersion" TEXT NOT NULL,
    "seed" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Explanation_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "ModelArtifact" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "snapshotDigest" TEXT NOT NULL,
    "checksum" TEXT NOT NULL,
    "byteLength" INTEGER NOT NULL,
    "config" JSONB NOT NULL,
    "metrics" JSONB NOT NULL,
    "isLive" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "publishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ModelArtifact_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "ArtifactBlob" (
    "shopId" TEXT NOT NULL,
    "checksum" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "ArtifactBlob_pkey" PRIMARY KEY ("shopId","checksum")
);

-- CreateTable
CREATE TABLE "TrainingRun" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "status" "TrainingStatus" NOT NULL,
    "seed" INTEGER NOT NULL,
    "snapshotDigest" TEXT,
    "artifactId" TEXT,
    "metrics" JSONB,
    "reason" TEXT,
    "queuedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "TrainingRun_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateTable
CREATE TABLE "ImportRun" (
    "shopId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "fileName" TEXT NOT NULL,
    "mapping" TEXT NOT NULL,
    "linesDone" INTEGER NOT NULL DEFAULT 0,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "rejected" JSONB NOT NULL DEFAULT '{}',
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ImportRun_pkey" PRIMARY KEY ("shopId","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ApiKey_id_key" ON "ApiKey"("id");

-- CreateIndex
CREATE INDEX "User_shopId_createdAt_id_idx" ON "User"("shopId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Product_shopId_createdAt_id_idx" ON "Product"("shopId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Product_shopId_updatedAt_id_idx" ON "Product"("shopId", "updatedAt", "id");

-- CreateIndex
CREATE INDEX "Interaction_shopId_userId_occurredAt_idx" ON "Interaction"("shopId", "userId", "occurredAt");

-- CreateIndex
CREATE INDEX "Interaction_shopId_productId_occurredAt_idx" ON "Interaction"("shopId", "productId", "occurredAt");

-- CreateIndex
CREATE INDEX "Interaction_shopId_occurredAt_id_idx" ON "Interaction"("shopId", "occurredAt", "id");

-- CreateIndex
CREATE INDEX "SocialPost_shopId_authorId_occurredAt_idx" ON "SocialPost"("shopId", "authorId", "occurredAt");

-- CreateIndex
CREATE INDEX "SocialReaction_shopId_postId_occurredAt_idx" ON "SocialReaction"("shopId", "postId", "occurredAt");

-- CreateIndex
CREATE INDEX "SocialReaction_shopId_userId_occurredAt_idx" ON "SocialReaction"("shopId", "userId", "occurredAt");

-- CreateIndex
CREATE INDEX "Follow_shopId_followeeId_idx" ON "Follow"("shopId", "followeeId");

-- CreateIndex
CREATE INDEX "Campaign_shopId_createdAt_id_idx" ON "Campaign"("shopId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Offer_shopId_campaignId_idx" ON "Offer"("shopId", "campaignId");

-- CreateIndex
CREATE INDEX "CampaignContact_shopId_userId_contactedAt_idx" ON "CampaignContact"("shopId", "userId", "contactedAt");

-- CreateIndex
CREATE INDEX "CampaignOutcome_shopId_campaignId_userId_idx" ON "CampaignOutcome"("shopId", "campaignId", "userId");

-- CreateIndex
CREATE INDEX "UserInterest_shopId_tagId_weight_idx" ON "UserInterest"("shopId", "tagId", "weight");

-- CreateIndex
CREATE INDEX "ProductInterest_shopId_tagId_weight_idx" ON "ProductInterest"("shopId", "tagId", "weight");

-- CreateIndex
CREATE INDEX "Prediction_shopId_userId_kind_predictedAt_idx" ON "Prediction"("shopId", "userId", "kind", "predictedAt");

-- CreateIndex
CREATE INDEX "Prediction_shopId_expiresAt_idx" ON "Prediction"("shopId", "expiresAt");

-- CreateIndex
CREATE INDEX "RecommendationList_shopId_userId_createdAt_idx" ON "RecommendationList"("shopId", "userId", "createdAt");

-- CreateIndex
CREATE INDEX "RecommendationList_shopId_expiresAt_idx" ON "RecommendationList"("shopId", "expiresAt");

-- CreateIndex
CREATE INDEX "Explanation_shopId_userId_createdAt_idx" ON "Explanation"("shopId", "userId", "createdAt");

-- CreateIndex
CREATE INDEX "Explanation_shopId_expiresAt_idx" ON "Explanation"("shopId", "expiresAt");

-- CreateIndex
CREATE INDEX "ModelArtifact_shopId_model_isLive_idx" ON "ModelArtifact"("shopId", "model", "isLive");

-- CreateIndex
CREATE UNIQUE INDEX "ModelArtifact_shopId_model_version_key" ON "ModelArtifact"("shopId", "model", "version");

-- CreateIndex
CREATE INDEX "TrainingRun_shopId_queuedAt_idx" ON "TrainingRun"("shopId", "queuedAt");
