import type { Insight } from '../insights/insight';
import { throwIfCancelled } from './cancelled';
import { type Learner, shares, type TrainingOptions } from './learner';
import { readLive } from './readLive';

/**
 * Insights measure themselves and learn from everything in one go. They are given what is live, also if it was made
 * with other settings: tags keep their ids from it.
 */
export function learnerOfInsight(options: TrainingOptions, insight: Insight): Learner {
  const { stores, job, threads, signal, onProgress } = options;
  const { card, settings } = insight;
  return {
    card,
    settings,
    async tryOut(snapshot, record) {
      const previous = await readLive(stores.artifacts, record, artifact => artifact);
      throwIfCancelled(signal);
      const { artifact, metrics, verdict } = await insight.learn(snapshot, {
        seed: job.seed,
        threads,
        signal,
        ...(previous && { previous }),
        onProgress: (done, total) =>
          onProgress(
            shares.read + (shares.final - shares.read) * (total > 0 ? Math.min(1, done / total) : 1),
          ),
      });
      return { verdict, metrics, finish: async () => artifact };
    },
  };
}
