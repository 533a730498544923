import type { TrainingRunRecord, TrainingRunStore } from '../ports/trainingRun';
import { ByShop } from './byShop';
import { pageOf } from './order';

interface Reported {
  readonly run: TrainingRunRecord;
  /** Milliseconds since the epoch. */
  readonly reportedAt: number;
}

const isSilent = ({ run, reportedAt }: Reported, silentMs: number): boolean =>
  (run.status === 'QUEUED' || run.status === 'RUNNING') && Date.now() - reportedAt >= silentMs;

/** Creates the in-memory store of training runs. */
export function createMemoryTrainingRuns(): TrainingRunStore {
  const reported = new ByShop<Reported>();
  const save = (run: TrainingRunRecord): void => {
    // The latest report comes last, also among those of one millisecond.
    reported.of(run.shopId).delete(run.id);
    reported.of(run.shopId).set(run.id, { run, reportedAt: Date.now() });
  };
  return {
    async save(run) {
      save(run);
    },
    async beat(shopId, id) {
      const known = reported.of(shopId).get(id);
      if (known !== undefined) save(known.run);
    },
    async silent(shopId, silentMs) {
      const silent = [...reported.of(shopId).values()].filter(known => isSilent(known, silentMs));
      return silent.sort((left, right) => left.reportedAt - right.reportedAt).map(({ run }) => run);
    },
    async saveIfSilent(run, silentMs) {
      const known = reported.of(run.shopId).get(run.id);
      if (known === undefined || !isSilent(known, silentMs)) return false;
      save(run);
      return true;
    },
    async find(shopId, id) {
      return reported.of(shopId).get(id)?.run ?? null;
    },
    async page(shopId, request) {
      const runs = [...reported.of(shopId).values()].map(({ run }) => run);
      return pageOf(runs, request, run => ({ at: run.queuedAt, id: run.id }), -1);
    },
  };
}
