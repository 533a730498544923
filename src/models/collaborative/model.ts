import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { type FoldInSettings, foldInNames } from './foldIn';
import { collaborativeScorer } from './score';
import { collaborativeSettings, withUnobservedWeight } from './settings';
import { type ProductFactors, trainFactors } from './train';
import { warmStartOf } from './warmStart';

const card = {
  name: 'collaborative',
  summary:
    'Products liked by shoppers with similar taste: product factors learned from the preferences of all shoppers.',
  source:
    'Hu, Koren & Volinsky 2008, "Collaborative filtering for implicit feedback datasets"; Rendle et al. 2021, ' +
    '"Revisiting the performance of iALS on item recommendation benchmarks"',
  needs: { events: 20, users: 5 },
  capabilities: ['similar', 'retrieve'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

function factorsOf(artifact: Artifact, products: number): ProductFactors {
  const gramEigenvalues = arrayOf(artifact, 'gramEigenvalues', Float64Array, null);
  const length = products * gramEigenvalues.length;
  const factors = arrayOf(artifact, 'productFactors', Float32Array, length);
  if (gramEigenvalues.length > 0) return { factors, gramEigenvalues };
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    'Expected at least one eigenvalue; got none. Train the model again.',
    { model: artifact.header.model },
  );
}

/**
 * Implicit matrix factorisation by alternating least squares: see train.ts. A product is disliked when the weights of
 * its events sum below 0; it then counts as a zero of that weight. Needs users with two products. Shoppers are folded
 * in at request time, so the next request reflects the last event; the scores of those without history are NaN.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export function collaborative(overrides?: SettingOverrides): ModelOf<typeof card> {
  const given = settingValuesOf(collaborativeSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      const preferences = preferencesOf(snapshot);
      checkNeeds(card, snapshot, preferences);
      const config = withUnobservedWeight(given, preferences);
      const { digest, asOf, products } = snapshot;
      const start = warmStartOf(context.previous, products, config);
      const { factors, gramEigenvalues } = await trainFactors(preferences, config, context, start);
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['foldIn', Float64Array.from(foldInNames, name => config[name])],
          ['gramEigenvalues', gramEigenvalues],
          ['productFactors', factors],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const values = arrayOf(artifact, 'foldIn', Float64Array, foldInNames.length);
      const settings = Object.fromEntries(
        foldInNames.map((name, at) => [name, values[at]]),
      ) as FoldInSettings;
      return collaborativeScorer(products, factorsOf(artifact, products.size), settings);
    },
  };
}
