import { arrayOf } from '../../artifact/arrayOf';
import type { ArtifactArray } from '../../artifact/artifact';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { paddedColumns } from '../../numeric/paddedColumns';
import { preferencesOf } from '../../snapshot/preferences';
import { type Steps, stepsOf } from '../../snapshot/steps';
import type { ModelCard, ModelOf } from '../model';
import { repeatRatesLength, repeatRatesOf } from '../repeats';
import { gruScorer } from './score';
import { gruSettings } from './settings';
import { trainGru } from './train';
import { weightPlaces } from './workspace';

const card = {
  name: 'gru',
  summary: 'A recurrent network that reads the products a shopper saw, in order, and predicts the next one.',
  source:
    'Hidasi & Karatzoglou 2018, "Recurrent neural networks with top-k gains for session-based recommendations" (GRU4Rec); ' +
    'Gupta et al. 2019 (NISER)',
  needs: { events: 2, users: 1 },
  capabilities: ['similar', 'openState'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/** Steps to each product, as a share of the most frequent product's. */
function popularityOf({ productRows }: Steps, products: number): Float32Array {
  const counts = new Float64Array(products);
  for (const product of productRows) counts[product]++;
  const most = counts.reduce((highest, count) => Math.max(highest, count), 1);
  return Float32Array.from(counts, count => count / most);
}

/**
 * Reads sequences with a gated recurrent unit. A live session costs one step per event. The seed decides the first values,
 * the order of the sequences, the negatives and the dropout.
 */
export function gru(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(gruSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      checkNeeds(card, snapshot, preferencesOf(snapshot));
      const { digest, asOf, products } = snapshot;
      const steps = stepsOf(snapshot);
      const learned = await trainGru(steps, products.size, config, context);
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['scoring', Float64Array.of(config.rank, config.scale, config.repeatShare)],
          ['repeatRates', repeatRatesOf(steps)],
          ['popularity', popularityOf(steps, products.size)],
          ['products', learned.products],
          ['weights', learned.weights],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const [rank, scale, repeatShare] = arrayOf(artifact, 'scoring', Float64Array, 3);
      const columns = paddedColumns(rank);
      const learned = {
        products: arrayOf(artifact, 'products', Float32Array, products.size * columns),
        weights: arrayOf(artifact, 'weights', Float32Array, weightPlaces(columns).length),
      };
      return gruScorer(products, {
        learned,
        repeatRates: arrayOf(artifact, 'repeatRates', Float32Array, repeatRatesLength),
        popularity: arrayOf(artifact, 'popularity', Float32Array, products.size),
        scoring: { rank, scale, repeatShare },
      });
    },
  };
}
