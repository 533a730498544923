import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf, storedSettingsOf } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { preferencesOf } from '../../snapshot/preferences';
import type { Snapshot } from '../../snapshot/snapshot';
import { backoffArrays, backoffOf, spreadEvenly } from '../backoff';
import type { ModelCard, ModelOf } from '../model';
import { trainBackoff } from '../trainBackoff';
import { type Fallback, withFallback } from './fallback';
import { type FoldInSettings, foldInNames } from './foldIn';
import { collaborativeScorer } from './score';
import { type CollaborativeConfig, collaborativeSettings, withUnobservedWeight } from './settings';
import { type ProductFactors, trainFactors } from './train';
import { chooseSettings } from './trial';
import { warmStartOf } from './warmStart';

const card = {
  name: 'collaborative',
  summary:
    'Products liked by shoppers with similar taste: product factors learned from the preferences of all shoppers.',
  source:
    'Hu, Koren & Volinsky 2008, "Collaborative filtering for implicit feedback datasets"; Rendle et al. 2021, ' +
    '"Revisiting the performance of iALS on item recommendation benchmarks"',
  needs: { events: 20, users: 5 },
  capabilities: ['similar'],
  trainedCapabilities: ['retrieve'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

const damaged = (artifact: Artifact, expected: string): GatewayError =>
  new GatewayError('ARTIFACT_DAMAGED', `Expected ${expected}; got others. Train the model again.`, {
    model: artifact.header.model,
  });

function factorsOf(artifact: Artifact, products: number): ProductFactors {
  const gramEigenvalues = arrayOf(artifact, 'gramEigenvalues', Float64Array, null);
  const length = products * gramEigenvalues.length;
  const factors = arrayOf(artifact, 'productFactors', Float32Array, length);
  if (gramEigenvalues.length > 0) return { factors, gramEigenvalues };
  throw damaged(artifact, 'at least one eigenvalue');
}

/** Reads how to fold in; an artifact of an earlier version has no flat regularisation. */
function foldInOf(artifact: Artifact): FoldInSettings {
  const values = arrayOf(artifact, 'foldIn', Float64Array, null);
  const isFormer = values.length === foldInNames.length - 1 && !artifact.arrays.has('backoffWeight');
  if (!isFormer && values.length !== foldInNames.length)
    throw damaged(artifact, `${foldInNames.length} numbers in foldIn`);
  return Object.fromEntries(foldInNames.map((name, at) => [name, values[at] ?? 0])) as FoldInSettings;
}

/** Reads the fallback; null where there is none, as in artifacts of earlier versions. */
function fallbackOf(artifact: Artifact, products: number): Fallback | null {
  const isFormer = artifact.arrays.get('foldIn')?.length === foldInNames.length - 1;
  if (isFormer) return null;
  const [weight] = arrayOf(artifact, 'backoffWeight', Float64Array, 1);
  if (weight === 0) return null;
  const backoff = backoffOf(artifact, products);
  if (backoff === null || weight < 0) throw damaged(artifact, 'categories and a weight above 0');
  return { backoff, weight };
}

/** Returns what was chosen on a part of the same data, or chooses by a trial. */
async function resolved(
  given: CollaborativeConfig,
  snapshot: Snapshot,
  context: TrainContext,
): Promise<CollaborativeConfig> {
  const earlier = context.measured?.header.config;
  if (earlier === undefined) return chooseSettings(snapshot, given, context);
  const { flatRegularization, backoffWeight, backoffSpread } = storedSettingsOf(
    collaborativeSettings,
    earlier,
  );
  return { ...given, flatRegularization, backoffWeight, backoffSpread };
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
      checkCancelled(context);
      const config = await resolved(withUnobservedWeight(given, preferences), snapshot, context);
      const { digest, asOf, products } = snapshot;
      const start = warmStartOf(context.previous, products, config);
      const { factors, gramEigenvalues } = await trainFactors(preferences, config, context, start);
      const backoff = config.backoffWeight > 0 ? await trainBackoff(snapshot, preferences, context) : null;
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ...(backoff
            ? backoffArrays(config.backoffSpread === 'even' ? spreadEvenly(backoff) : backoff)
            : []),
          ['backoffWeight', Float64Array.of(config.backoffWeight)],
          ['foldIn', Float64Array.from(foldInNames, name => config[name])],
          ['gramEigenvalues', gramEigenvalues],
          ['productFactors', factors],
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const settings = foldInOf(artifact);
      const scorer = collaborativeScorer(products, factorsOf(artifact, products.size), settings);
      const fallback = fallbackOf(artifact, products.size);
      return fallback ? withFallback(scorer, fallback, settings) : scorer;
    },
  };
}
