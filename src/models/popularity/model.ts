import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import type { Csr } from '../../numeric/csr';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { loadScores, scoresArtifact, standingOf } from '../productScores';

const card = {
  name: 'popularity',
  summary:
    'Products liked by most shoppers: distinct shoppers per product, weighted by the strength of each preference.',
  source:
    'Folklore; the baseline of Cremonesi, Koren & Turrin 2010, "Performance of recommender algorithms" (TopPop)',
  needs: { events: 1, users: 0 },
  capabilities: ['coldStart'],
  servesAs: 'POPULAR',
} as const satisfies ModelCard;

/** Returns the popularity of each product: the sum of {@link standingOf} over its users' preferences. */
function standings({ columns, indices, values }: Csr): Float32Array {
  const sums = new Float64Array(columns);
  for (let entry = 0; entry < indices.length; entry++) sums[indices[entry]] += standingOf(values[entry]);
  return Float32Array.from(sums);
}

/**
 * Not personalized: the same scores for everybody. A user counts once per product, however many events; on 0/1 data the
 * score is the number of distinct users. Has no settings and does not use the seed.
 */
export function popularity(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf({}, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      checkCancelled(context);
      const { digest, asOf, products } = snapshot;
      const header = { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed };
      const artifact = scoresArtifact(header, products, standings(preferences));
      context.onProgress(1, 1);
      return artifact;
    },
    load: loadScores,
  };
}
