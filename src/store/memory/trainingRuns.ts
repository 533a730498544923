import type { TrainingRunRecord, TrainingRunStore } from '../ports/trainingRun';
import { ByShop } from './byShop';
import { pageOf } from './order';

/** Creates the in-memory store of training runs. */
export function createMemoryTrainingRuns(): TrainingRunStore {
  const runs = new ByShop<TrainingRunRecord>();
  return {
    async save(run) {
      runs.of(run.shopId).set(run.id, run);
    },
    async find(shopId, id) {
      return runs.of(shopId).get(id) ?? null;
    },
    async page(shopId, request) {
      return pageOf(runs.of(shopId).values(), request, run => ({ at: run.queuedAt, id: run.id }), -1);
    },
  };
}
