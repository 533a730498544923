import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { type SettingOverrides, type SettingValues, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import { chooseHalfLife, demandOf, longestHalfLifeDays } from '../demand';
import type { ModelCard, ModelOf } from '../model';
import { loadScores, scoresArtifact } from '../productScores';

const card = {
  name: 'trending',
  summary: 'Recently popular products: the weight of each preference decays with the age of its last event.',
  source:
    'Exponential decay of counts; Cormode, Korn & Tirthapura 2008, "Exponentially decayed aggregates on data streams"',
  needs: { events: 1, users: 0 },
  capabilities: ['coldStart'],
  servesAs: 'POPULAR',
} as const satisfies ModelCard;

/** With too few shoppers to ask. */
const defaultHalfLifeDays = 7;

/** Settings. */
export const trendingSettings = {
  halfLifeDays: {
    meaning:
      'Half-life in days: a preference of this age counts half. auto: the one that would have been best before the latest tenth of the events.',
    default: 0,
    auto: 0,
    minimum: 1 / 24,
    maximum: longestHalfLifeDays,
    isInteger: false,
  },
} as const;

/**
 * Not personalized; for lists of products in demand now. Ages are counted from the newest event, not from `asOf`, so that
 * the scores of a shop without recent events do not underflow to zeros. With exponential decay the two differ by one common
 * factor, so the order is that at `asOf` and at every later request. The seed is not used.
 */
export function trending(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config: SettingValues<typeof trendingSettings> = settingValuesOf(trendingSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      checkCancelled(context);
      const { digest, asOf, products } = snapshot;
      const halfLifeDays =
        config.halfLifeDays || ((await chooseHalfLife(snapshot, context)) ?? defaultHalfLifeDays);
      const header = {
        model: card.name,
        config: { halfLifeDays },
        snapshotDigest: digest,
        asOf,
        seed: context.seed,
      };
      const demand = Float32Array.from(demandOf(snapshot, preferences, halfLifeDays));
      const artifact = scoresArtifact(header, products, demand);
      context.onProgress(1, 1);
      return artifact;
    },
    load: loadScores,
  };
}
