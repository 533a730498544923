import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { type SettingOverrides, type SettingValues, settingValuesOf } from '../../learning/settings';
import type { Csr } from '../../numeric/csr';
import { pause } from '../../numeric/pause';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import type { ModelCard, ModelOf } from '../model';
import { loadScores, scoresArtifact } from '../productScores';
import { chooseHalfLife, decayedSums, longestHalfLifeDays, type Preference } from './halfLife';

const card = {
  name: 'trending',
  summary: 'Recently popular products: the weight of each preference decays with the age of its last event.',
  source:
    'Exponential decay of counts; Cormode, Korn & Tirthapura 2008, "Exponentially decayed aggregates on data streams"',
  needs: { events: 1, users: 0 },
  capabilities: ['coldStart'],
  servesAs: 'POPULAR',
} as const satisfies ModelCard;

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

/** Returns the preferences of all users with the instants of their last events. */
function* datedPreferences(
  { events, userOffsets, users, products }: Snapshot,
  { indptr, indices, values }: Csr,
): Generator<Preference> {
  const lastAt = new Float64Array(products.size);
  for (let user = 0; user < users.size; user++) {
    // Events are in time order, so the last write is the latest event.
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++)
      lastAt[events.productRow[event]] = events.occurredAt[event];
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++)
      yield { product: indices[entry], weight: values[entry], lastAt: lastAt[indices[entry]] };
  }
}

function trends(snapshot: Snapshot, preferences: Csr, halfLifeDays: number): Float32Array {
  const newest = snapshot.events.occurredAt.reduce((max, at) => Math.max(max, at), Number.NEGATIVE_INFINITY);
  const dated = datedPreferences(snapshot, preferences);
  return Float32Array.from(decayedSums(dated, snapshot.products.size, newest, halfLifeDays));
}

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
      const onStep = async (): Promise<void> => {
        await pause();
        checkCancelled(context);
      };
      const halfLifeDays = config.halfLifeDays || (await chooseHalfLife(snapshot, onStep));
      const header = {
        model: card.name,
        config: { halfLifeDays },
        snapshotDigest: digest,
        asOf,
        seed: context.seed,
      };
      const artifact = scoresArtifact(header, products, trends(snapshot, preferences, halfLifeDays));
      context.onProgress(1, 1);
      return artifact;
    },
    load: loadScores,
  };
}
