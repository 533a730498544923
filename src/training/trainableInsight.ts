import type { RegisteredInsight } from '../insights/registry';
import type { SettingOverrides } from '../learning/settings';
import { settingValuesOf } from '../learning/settings';
import { throwIfCancelled } from './cancelled';
import { type Learner, progressBetween, shares, type Trainable, type TrainingOptions } from './learner';
import { readLive } from './readLive';

function learnerOf(
  insight: RegisteredInsight,
  overrides: SettingOverrides,
  { stores, job, threads, signal, history, clock, onProgress }: TrainingOptions,
): Learner {
  const context = {
    seed: job.seed,
    threads,
    signal,
    onProgress: progressBetween(onProgress, shares.read, shares.final),
  };
  return {
    settings: settingValuesOf(insight.settings, overrides),
    load: artifact => insight.load(artifact),
    async tryOut(snapshot, record) {
      const previous = await readLive(stores.artifacts, record, artifact => artifact);
      throwIfCancelled(signal);
      const { artifact, metrics, verdict } = await insight.learn(
        snapshot,
        { ...context, ...(previous && { previous }) },
        overrides,
      );
      return { verdict, metrics, finish: async () => artifact };
    },
    afterPublish: ({ record: { shopId, version }, ...published }) =>
      insight.afterPublish({ shopId, version, ...published }, { stores, history, clock }),
  };
}

/**
 * Returns an insight as something that can be trained. An insight measures itself and learns from everything in one call.
 * It always gets the live artifact, even one made with other settings: interest tags keep their ids from it.
 *
 * @param overrides - settings that differ from the defaults
 */
export const trainableInsight = (
  insight: RegisteredInsight,
  overrides: SettingOverrides = {},
): Trainable => ({
  card: insight.card,
  learner: options => learnerOf(insight, overrides, options),
});
