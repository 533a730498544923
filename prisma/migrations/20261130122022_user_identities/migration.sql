-- CreateTable
CREATE TABLE "UserIdentity" (
    "shopId" TEXT NOT NULL,
    "anonymousId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "identifiedBy" TEXT NOT NULL,
    "mergedEvents" INTEGER NOT NULL DEFAULT 0,
    "mergedLists" INTEGER NOT NULL DEFAULT 0,
    "identifiedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UserIdentity_pkey" PRIMARY KEY ("shopId","anonymousId")
);

-- CreateIndex
CREATE INDEX "UserIdentity_shopId_userId_idx" ON "UserIdentity"("shopId", "userId");
