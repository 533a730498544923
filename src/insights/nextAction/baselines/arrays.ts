import { arrayOf } from '../../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../../artifact/artifact';
import { GatewayError } from '../../../domain/errors';
import { forestArrays, forestOf } from '../../../learning/forestArrays';
import { featureCountOf } from './features';
import { contextCount, type Frequencies, type Order } from './frequencies';
import { outcomePlacesOf } from './outcomes';
import { type ActionTrees, treeHeads } from './trees';

type Entries = readonly (readonly [string, ArtifactArray])[];

const damaged = (expected: string, { header }: Artifact): GatewayError =>
  new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected} in the ${header.model} artifact; got others. Train the model again.`,
    { model: header.model, expected },
  );

/** Returns frequencies as arrays of an artifact. */
export const frequencyArrays = ({ order, categoryCount, outcomes, categories }: Frequencies): Entries => [
  ['frequencies/shape', Uint32Array.of(order, categoryCount)],
  ['frequencies/outcomes', outcomes],
  ['frequencies/categories', categories],
];

/**
 * Reads the frequencies that {@link frequencyArrays} wrote.
 *
 * @param types - how many types of events they were counted with
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function frequenciesOf(artifact: Artifact, types: number): Frequencies {
  const [order, categoryCount] = arrayOf(artifact, 'frequencies/shape', Uint32Array, 2);
  if (order > 2) throw damaged('an order of at most 2', artifact);
  const rows = order === 0 ? 1 : categoryCount + 1;
  const contexts = { order: order as Order, types };
  const outcomes = (contextCount(contexts) + 1) * outcomePlacesOf(types).count;
  return {
    ...contexts,
    categoryCount,
    outcomes: arrayOf(artifact, 'frequencies/outcomes', Float32Array, outcomes),
    categories: arrayOf(artifact, 'frequencies/categories', Float32Array, rows * categoryCount),
  };
}

/** Returns trees as arrays of an artifact. */
export const treeArrays = ({ seen, actions, heads, frequencies }: ActionTrees): Entries => [
  // Trees grown on other features are refused when they are loaded.
  ['trees/features', Uint32Array.of(featureCountOf(frequencies.types))],
  ['trees/seen', seen],
  ...(actions ? forestArrays('trees/actions', actions) : []),
  ...heads.flatMap((forest, head) => (forest ? forestArrays(`trees/${treeHeads[head]}`, forest) : [])),
  ...frequencyArrays(frequencies),
];

/**
 * Reads the trees that {@link treeArrays} wrote.
 *
 * @param types - how many types of events they were grown with
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function treesOf(artifact: Artifact, types: number): ActionTrees {
  const featureCount = featureCountOf(types);
  const [features] = arrayOf(artifact, 'trees/features', Uint32Array, 1);
  if (features !== featureCount) throw damaged(`trees of ${featureCount} features`, artifact);
  const seen = arrayOf(artifact, 'trees/seen', Uint8Array, null);
  if (seen.some(action => action > types)) throw damaged('known actions', artifact);
  return {
    seen,
    actions: forestOf(artifact, 'trees/actions', seen.length > 2 ? seen.length : 1, featureCount),
    heads: treeHeads.map(head => forestOf(artifact, `trees/${head}`, 1, featureCount)),
    frequencies: frequenciesOf(artifact, types),
  };
}
