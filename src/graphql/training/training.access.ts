import { type AccessTable, admin, staff } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const trainingAccess: AccessTable = {
  Query: { trainingRuns: staff },
  Mutation: { trainingStart: admin },
  TrainingRun: {
    id: staff,
    runId: staff,
    model: staff,
    status: staff,
    seed: staff,
    snapshotDigest: staff,
    artifactId: staff,
    metrics: staff,
    reason: staff,
    queuedAt: staff,
    startedAt: staff,
    finishedAt: staff,
  },
  TrainingRunConnection: staff,
  TrainingRunEdge: staff,
  TrainingStartPayload: admin,
};
