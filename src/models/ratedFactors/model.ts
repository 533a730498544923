import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import type { ModelCard, ModelOf } from '../model';
import { type Opinions, opinionsOf } from './opinions';
import { type RatedArtifact, ratedScorer } from './score';
import { ratedFactorsSettings } from './settings';
import { trainRated } from './train';

const card = {
  name: 'rated-factors',
  summary: 'Star ratings predicted from the mean, the biases of shopper and product, and their factors.',
  source:
    'Koren, Bell & Volinsky 2009, "Matrix factorization techniques for recommender systems"; Lim & Teh 2007, ' +
    '"Variational Bayesian approach to movie rating prediction"',
  needs: { events: 20, users: 5 },
  capabilities: ['rate'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/** Returns the summed weight of the opinions of each product. */
function countsOf({ stars, weights }: Opinions): Float32Array {
  const counts = new Float32Array(stars.columns);
  for (const [entry, product] of stars.indices.entries()) counts[product] += weights[entry];
  return counts;
}

function rangeOf({ stars }: Opinions): readonly [number, number] {
  return [stars.values.reduce((a, b) => Math.min(a, b)), stars.values.reduce((a, b) => Math.max(a, b))];
}

/**
 * Checks that variances are above 0, because they are divisors.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
function checkVariances(artifact: Artifact, variances: Float64Array, noise: number): void {
  if (variances.length >= 2 && noise > 0 && variances.every(variance => variance > 0)) return;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    'Expected variances above 0; got others. Train the model again.',
    {
      model: artifact.header.model,
    },
  );
}

function ratedArtifactOf(artifact: Artifact): RatedArtifact {
  const products = productsOf(artifact);
  const variances = arrayOf(artifact, 'userVariances', Float64Array, null);
  const width = variances.length;
  const floats = (name: string, length: number) => arrayOf(artifact, name, Float32Array, length);
  const [mean, noise, minStars, maxStars, impliedWeight, popularityWeight] = arrayOf(
    artifact,
    'foldIn',
    Float64Array,
    6,
  );
  checkVariances(artifact, variances, noise);
  return {
    products,
    mean,
    beliefs: {
      width,
      means: floats('productMeans', products.size * width),
      variances: floats('productVariances', products.size * width),
    },
    userPrior: { noise, variances },
    counts: floats('productCounts', products.size),
    range: [minStars, maxStars],
    settings: { impliedWeight, popularityWeight },
  };
}

/**
 * Biased matrix factorisation of explicit stars by variational Bayes: see train.ts. Events without stars
 * count as the stars that their weight implies, with weight `impliedWeight`. Users are not stored: they are
 * folded in from their stars.
 *
 * @throws {GatewayError} BAD_USER_INPUT on a setting out of range
 */
export function ratedFactors(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(ratedFactorsSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      checkNeeds(card, snapshot, preferencesOf(snapshot));
      const opinions = opinionsOf(snapshot, config.impliedWeight);
      const { mean, beliefs, userPrior } = await trainRated(opinions, config, context);
      const { digest, asOf, products } = snapshot;
      const { impliedWeight, popularityWeight } = config;
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          [
            'foldIn',
            Float64Array.of(mean, userPrior.noise, ...rangeOf(opinions), impliedWeight, popularityWeight),
          ],
          ['userVariances', userPrior.variances],
          ['productMeans', beliefs.means],
          ['productVariances', beliefs.variances],
          ['productCounts', countsOf(opinions)],
        ]),
      };
    },
    load: artifact => ratedScorer(ratedArtifactOf(artifact)),
  };
}
