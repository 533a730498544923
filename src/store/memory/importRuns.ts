import type { ImportRunRecord, ImportRunStore } from '../ports/importRun';
import { ByShop } from './byShop';

/** Creates the in-memory store of import runs. */
export function createMemoryImportRuns(): ImportRunStore {
  const runs = new ByShop<ImportRunRecord>();
  return {
    async save(run) {
      runs.of(run.shopId).set(run.id, run);
    },
    async find(shopId, id) {
      return runs.of(shopId).get(id) ?? null;
    },
  };
}
