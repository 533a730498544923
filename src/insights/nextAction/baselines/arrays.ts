import { arrayOf } from '../../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../../artifact/artifact';
import { GatewayError } from '../../../domain/errors';
import type { Forest } from '../../../numeric/trees/forest';
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

const forestParts = [
  'base',
  'roots',
  'column',
  'threshold',
  'unknownLeft',
  'left',
  'value',
  'cover',
] as const;

const forestArrays = (name: string, forest: Forest): Entries =>
  forestParts.map(part => [`trees/${name}/${part}`, forest[part]]);

/** Returns whether every inner node has later nodes as children and every root is a node: a descent then ends at a leaf. */
function isWellFormed({ outputs, columns, roots, column, left }: Forest): boolean {
  const nodes = column.length;
  const isNode = (node: number): boolean =>
    column[node] < 0 || (column[node] < columns && left[node] > node && left[node] + 1 < nodes);
  return (
    outputs > 0 &&
    roots.length % outputs === 0 &&
    roots.every(root => root < nodes) &&
    column.every((_, node) => isNode(node))
  );
}

function forestOf(artifact: Artifact, name: string, outputs: number, columns: number): Forest | null {
  if (!artifact.arrays.has(`trees/${name}/base`)) return null;
  const part = (suffix: string): string => `trees/${name}/${suffix}`;
  const column = arrayOf(artifact, part('column'), Int32Array, null);
  const nodes = column.length;
  const forest: Forest = {
    outputs,
    columns,
    base: arrayOf(artifact, part('base'), Float32Array, outputs),
    roots: arrayOf(artifact, part('roots'), Uint32Array, null),
    column,
    threshold: arrayOf(artifact, part('threshold'), Float32Array, nodes),
    unknownLeft: arrayOf(artifact, part('unknownLeft'), Uint8Array, nodes),
    left: arrayOf(artifact, part('left'), Uint32Array, nodes),
    value: arrayOf(artifact, part('value'), Float32Array, nodes),
    cover: arrayOf(artifact, part('cover'), Float32Array, nodes),
  };
  if (!isWellFormed(forest)) throw damaged(`trees of ${columns} columns`, artifact);
  return forest;
}

/** Returns trees as arrays of an artifact. */
export const treeArrays = ({ seen, actions, heads, frequencies }: ActionTrees): Entries => [
  // Trees grown on other features are refused when they are loaded.
  ['trees/features', Uint32Array.of(featureCountOf(frequencies.types))],
  ['trees/seen', seen],
  ...(actions ? forestArrays('actions', actions) : []),
  ...heads.flatMap((forest, head) => (forest ? forestArrays(treeHeads[head], forest) : [])),
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
    actions: forestOf(artifact, 'actions', seen.length > 2 ? seen.length : 1, featureCount),
    heads: treeHeads.map(head => forestOf(artifact, head, 1, featureCount)),
    frequencies: frequenciesOf(artifact, types),
  };
}
