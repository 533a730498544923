import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { type SettingOverrides, type SettingValues, settingValuesOf } from '../../learning/settings';
import type { Csr } from '../../numeric/csr';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import type { ModelCard, ModelOf } from '../model';
import { loadScores, scoresArtifact, standingOf } from '../productScores';

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
    meaning: 'Half-life in days: a preference of this age counts half.',
    default: 7,
    minimum: 1 / 24,
    maximum: 3650,
    isInteger: false,
  },
} as const;

const msPerDay = 86_400_000;

/** Returns the time of the latest event of each entry of `preferences`, milliseconds since the epoch. */
function lastEventOf(
  { events, userOffsets, users, products }: Snapshot,
  { indptr, indices }: Csr,
): Float64Array {
  const lastAt = new Float64Array(products.size);
  const latest = new Float64Array(indices.length);
  for (let user = 0; user < users.size; user++) {
    // Events are in time order, so the last write is the latest event.
    for (let event = userOffsets[user]; event < userOffsets[user + 1]; event++) {
      lastAt[events.productRow[event]] = events.occurredAt[event];
    }
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) latest[entry] = lastAt[indices[entry]];
  }
  return latest;
}

function trends(snapshot: Snapshot, preferences: Csr, halfLifeDays: number): Float32Array {
  const { indices, values } = preferences;
  const latest = lastEventOf(snapshot, preferences);
  const newest = latest.reduce((max, at) => Math.max(max, at), Number.NEGATIVE_INFINITY);
  const sums = new Float64Array(snapshot.products.size);
  for (let entry = 0; entry < indices.length; entry++) {
    const halfLives = (newest - latest[entry]) / (halfLifeDays * msPerDay);
    sums[indices[entry]] += standingOf(values[entry]) * 2 ** -halfLives;
  }
  return Float32Array.from(sums);
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
      const header = { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed };
      const artifact = scoresArtifact(header, products, trends(snapshot, preferences, config.halfLifeDays));
      context.onProgress(1, 1);
      return artifact;
    },
    load: loadScores,
  };
}
