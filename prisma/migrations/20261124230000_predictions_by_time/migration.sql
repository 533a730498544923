-- CreateIndex
CREATE INDEX "Prediction_shopId_kind_predictedAt_idx" ON "Prediction"("shopId", "kind", "predictedAt");

