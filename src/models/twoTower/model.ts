import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { examplesOf } from './examples';
import { featuresOf, type ProductFeatures } from './features';
import { type Tables, tableLengths } from './parameters';
import { type Towers, twoTowerScorer } from './score';
import { twoTowerSettings } from './settings';
import { trainTowers } from './train';

const card = {
  name: 'two-tower',
  summary:
    'Two networks that embed shoppers and products in one space, including products without any event.',
  source:
    'Yi et al. 2019, "Sampling-bias-corrected neural modeling for large corpus item recommendations"; Yang et al. 2020, ' +
    '"Mixed negative sampling for learning two-tower neural networks in recommendations"',
  needs: { events: 50, users: 10 },
  capabilities: ['similar', 'admit'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

const tableNames = [
  'ids',
  'features',
  'hidden',
  'bias',
  'out',
  'query',
  'age',
] as const satisfies readonly (keyof Tables)[];

const damaged = (artifact: Artifact, expected: string): GatewayError =>
  new GatewayError('ARTIFACT_DAMAGED', `Expected ${expected}; got something else. Train the model again.`, {
    model: artifact.header.model,
  });

/** Features of products, checked to lie within the table. @throws {GatewayError} ARTIFACT_DAMAGED */
function featuresFrom(artifact: Artifact, products: number, buckets: number): ProductFeatures {
  const offsets = arrayOf(artifact, 'productFeatureOffsets', Uint32Array, products + 1);
  const rows = arrayOf(artifact, 'productFeatures', Uint32Array, offsets[products]);
  const isAscending = offsets.every((offset, at) => at === 0 || offset >= offsets[at - 1]);
  if (!isAscending || rows.some(row => row >= buckets))
    throw damaged(artifact, 'features within their table');
  return { offsets, rows };
}

function towersOf(artifact: Artifact): Towers {
  const products = productsOf(artifact);
  const [columns, buckets, maxLength] = arrayOf(artifact, 'shape', Uint32Array, 3);
  if (columns === 0 || columns % 8 !== 0 || maxLength === 0) throw damaged(artifact, 'columns in eights');
  const lengths = tableLengths({ products: products.size, buckets, columns });
  const entries = tableNames.map(name => [name, arrayOf(artifact, name, Float32Array, lengths[name])]);
  const parameters = Object.fromEntries(entries) as unknown as Tables;
  const features = featuresFrom(artifact, products.size, buckets);
  return { products, columns, buckets, maxLength, parameters, features };
}

/**
 * Neural matrix factorisation with two towers: see train.ts and step.ts. Uses the descriptions of products where there are
 * any, otherwise events alone. Shoppers are represented by their latest liked products at request time. Scores are NaN for
 * shoppers without any, and for products of which nothing is known.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export function twoTower(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(twoTowerSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const { digest, asOf, products } = snapshot;
      const documents = snapshot.documents ?? new Array(products.size).fill(null);
      const features = featuresOf(documents, config.featureBuckets);
      const tables = await trainTowers(examplesOf(snapshot, preferences), features, config, context);
      const columns = tables.query.length;
      const shape = Uint32Array.of(columns, tables.features.length / columns, config.maxLength);
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['shape', shape],
          ['productFeatureOffsets', features.offsets],
          ['productFeatures', features.rows],
          ...tableNames.map(name => [name, tables[name].slice()] as const),
        ]),
      };
    },
    load: artifact => twoTowerScorer(towersOf(artifact)),
  };
}
