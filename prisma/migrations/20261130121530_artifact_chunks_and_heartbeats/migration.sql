-- AlterTable
ALTER TABLE "TrainingRun" ADD COLUMN     "heartbeatAt" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "ArtifactChunk" (
    "shopId" TEXT NOT NULL,
    "checksum" TEXT NOT NULL,
    "part" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "savedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ArtifactChunk_pkey" PRIMARY KEY ("shopId","checksum","part")
);

-- The bytes of models do not compress.
ALTER TABLE "ArtifactChunk" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- Instants that a gateway with a fast clock wrote would hide later changes from every gateway.
UPDATE "Product" SET "updatedAt" = CURRENT_TIMESTAMP WHERE "updatedAt" > CURRENT_TIMESTAMP;
