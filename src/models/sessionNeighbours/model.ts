import { arrayOf } from '../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../artifact/artifact';
import { GatewayError } from '../../domain/errors';
import { checkCancelled } from '../../learning/cancelled';
import { checkNeeds } from '../../learning/needs';
import { productArrays, productsOf } from '../../learning/productArrays';
import { type SettingOverrides, settingValuesOf } from '../../learning/settings';
import { preferencesOf } from '../../snapshot/preferences';
import { stepsOf } from '../../snapshot/steps';
import type { ModelCard, ModelOf } from '../model';
import { repeatRatesLength, repeatRatesOf } from '../repeats';
import { sessionNeighboursScorer } from './score';
import { sessionNeighboursSettings } from './settings';
import { latestSessions, type SessionNeighboursConfig, type Sessions } from './train';

const card = {
  name: 'session-neighbours',
  summary: 'Products of recent sessions that share products with the current session.',
  source:
    'Ludewig & Jannach 2018, "Evaluation of session-based recommendation algorithms" (vs-knn); Garg et al. 2019 (STAN)',
  needs: { events: 2, users: 1 },
  capabilities: [],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

const settingNames = Object.keys(sessionNeighboursSettings);

/** Returns the settings of the training, as stored in the artifact. */
function configOf(artifact: Artifact): SessionNeighboursConfig {
  const values = arrayOf(artifact, 'settings', Float64Array, settingNames.length);
  return settingValuesOf(
    sessionNeighboursSettings,
    Object.fromEntries(settingNames.map((name, index) => [name, values[index]])),
  );
}

/** Returns the places of steps that are all orders of their own. */
function singlePlaces(offsets: Uint32Array, steps: number): Uint32Array {
  const places = new Uint32Array(steps);
  for (let session = 0; session + 1 < offsets.length; session++) {
    for (let step = offsets[session]; step < offsets[session + 1]; step++)
      places[step] = step - offsets[session];
  }
  return places;
}

/** Returns the array of the places, none where every step is an order of its own. */
function placeArrays({ offsets, places }: Sessions): [string, ArtifactArray][] {
  const single = singlePlaces(offsets, places.length);
  return places.every((place, step) => place === single[step]) ? [] : [['sessionPlaces', places]];
}

/** Reads what {@link placeArrays} wrote. @throws {GatewayError} ARTIFACT_DAMAGED */
function placesIn(artifact: Artifact, offsets: Uint32Array, steps: number): Uint32Array {
  const single = singlePlaces(offsets, steps);
  if (!artifact.arrays.has('sessionPlaces')) return single;
  const places = arrayOf(artifact, 'sessionPlaces', Uint32Array, steps);
  if (places.every((place, step) => place <= single[step])) return places;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    'Expected the steps of a session in order; got one after its own number. Train the model again.',
    { model: artifact.header.model },
  );
}

function sessionsOf(artifact: Artifact, size: number): Sessions {
  const offsets = arrayOf(artifact, 'sessionOffsets', Uint32Array, null);
  const productRows = arrayOf(artifact, 'sessionProducts', Uint32Array, null);
  const isAscending = offsets.every((offset, index) => index === 0 || offset > offsets[index - 1]);
  const isWhole = offsets[0] === 0 && offsets[offsets.length - 1] === productRows.length;
  if (isAscending && isWhole && productRows.every(row => row < size)) {
    return { offsets, productRows, places: placesIn(artifact, offsets, productRows.length) };
  }
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected sessions of ${size} products; got offsets or rows outside them. Train the model again.`,
    { model: artifact.header.model },
  );
}

/**
 * Stores the latest sessions as plain lists of products and scores by those most similar to the shopper's
 * session. Trains in seconds; each added session takes full effect with the next training. The seed decides only the order of
 * sessions that begin and end at the same instants.
 */
export function sessionNeighbours(overrides?: SettingOverrides): ModelOf<typeof card> {
  const config = settingValuesOf(sessionNeighboursSettings, overrides);
  return {
    card,
    async train(snapshot, context) {
      checkNeeds(card, snapshot, preferencesOf(snapshot));
      checkCancelled(context);
      const { digest, asOf, products } = snapshot;
      const steps = stepsOf(snapshot);
      const sessions = latestSessions(steps, config, context.seed);
      context.onProgress(1, 1);
      return {
        header: { model: card.name, config, snapshotDigest: digest, asOf, seed: context.seed },
        arrays: new Map<string, ArtifactArray>([
          ...productArrays(products),
          ['settings', Float64Array.from(Object.values(config))],
          ['repeatRates', repeatRatesOf(steps)],
          ['sessionOffsets', sessions.offsets],
          ['sessionProducts', sessions.productRows],
          ...placeArrays(sessions),
        ]),
      };
    },
    load(artifact) {
      const products = productsOf(artifact);
      const repeatRates = arrayOf(artifact, 'repeatRates', Float32Array, repeatRatesLength);
      const sessions = sessionsOf(artifact, products.size);
      return sessionNeighboursScorer(products, sessions, repeatRates, configOf(artifact));
    },
  };
}
