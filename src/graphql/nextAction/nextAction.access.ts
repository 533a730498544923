import { type AccessTable, readers, staff } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const nextActionAccess: AccessTable = {
  Query: { modelQuality: staff },
  User: { nextAction: readers, nextActionPredictions: readers },
  NextActionAnswer: {
    prediction: readers,
    categories: readers,
    servedBy: readers,
    isSessionOpen: readers,
    degraded: readers,
  },
  NextActionPrediction: {
    predictionId: readers,
    actions: readers,
    likeliest: readers,
    expectedMinutes: readers,
    purchaseProbability: readers,
    abandonmentRisk: readers,
    returnProbability: readers,
    modelVersion: readers,
    predictedAt: readers,
    lastEventAt: readers,
    outcome: readers,
    outcomeAt: readers,
    expiresAt: readers,
  },
  ActionProbability: readers,
  CategoryProbability: readers,
  ReturnProbability: readers,
  NextActionPredictionConnection: readers,
  NextActionPredictionEdge: readers,
  ModelQuality: staff,
  CalibrationBin: staff,
};
