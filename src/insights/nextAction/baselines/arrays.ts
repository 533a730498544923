import { arrayOf } from '../../../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../../../artifact/artifact';
import { GatewayError } from '../../../domain/errors';
import type { Forest } from '../../../numeric/trees/forest';
import { actionCount } from '../step';
import { featureCount } from './features';
import { contextCount, type Frequencies, type Order } from './frequencies';
import { outcomeCount } from './outcomes';
import { type ActionTrees, treeHeads } from './trees';

type Entries = readonly (readonly [string, ArtifactArray])[];

const damaged = (expected: string, { header }: Artifact): GatewayError =>
  new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected} in the ${header.model} artifact; got others. Train the model again.`,
    { model: header.model, expected },
  );

/** Frequencies as arrays of an artifact. */
export const frequencyArrays = ({ order, categoryCount, outcomes, categories }: Frequencies): Entries => [
  ['frequencies/shape', Uint32Array.of(order, categoryCount)],
  ['frequencies/outcomes', outcomes],
  ['frequencies/categories', categories],
];

/** What {@link frequencyArrays} wrote. @throws {GatewayError} ARTIFACT_DAMAGED */
export function frequenciesOf(artifact: Artifact): Frequencies {
  const [order, categoryCount] = arrayOf(artifact, 'frequencies/shape', Uint32Array, 2);
  if (order > 2) throw damaged('an order of at most 2', artifact);
  const rows = order === 0 ? 1 : categoryCount + 1;
  const outcomes = (contextCount(order as Order) + 1) * outcomeCount;
  return {
    order: order as Order,
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

/** Whether every node that asks has children behind it, and every tree begins at a node: a walk then ends at a leaf. */
function isWalkable({ outputs, columns, roots, column, left }: Forest): boolean {
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

function forestOf(artifact: Artifact, name: string, outputs: number): Forest | null {
  if (!artifact.arrays.has(`trees/${name}/base`)) return null;
  const part = (suffix: string): string => `trees/${name}/${suffix}`;
  const column = arrayOf(artifact, part('column'), Int32Array, null);
  const nodes = column.length;
  const forest: Forest = {
    outputs,
    columns: featureCount,
    base: arrayOf(artifact, part('base'), Float32Array, outputs),
    roots: arrayOf(artifact, part('roots'), Uint32Array, null),
    column,
    threshold: arrayOf(artifact, part('threshold'), Float32Array, nodes),
    unknownLeft: arrayOf(artifact, part('unknownLeft'), Uint8Array, nodes),
    left: arrayOf(artifact, part('left'), Uint32Array, nodes),
    value: arrayOf(artifact, part('value'), Float32Array, nodes),
    cover: arrayOf(artifact, part('cover'), Float32Array, nodes),
  };
  if (!isWalkable(forest)) throw damaged(`trees of ${featureCount} columns`, artifact);
  return forest;
}

/** Trees as arrays of an artifact. */
export const treeArrays = ({ seen, actions, heads, frequencies }: ActionTrees): Entries => [
  // So that trees of other features than these are not asked of them.
  ['trees/features', Uint32Array.of(featureCount)],
  ['trees/seen', seen],
  ...(actions ? forestArrays('actions', actions) : []),
  ...heads.flatMap((forest, head) => (forest ? forestArrays(treeHeads[head], forest) : [])),
  ...frequencyArrays(frequencies),
];

/** What {@link treeArrays} wrote. @throws {GatewayError} ARTIFACT_DAMAGED */
export function treesOf(artifact: Artifact): ActionTrees {
  const [features] = arrayOf(artifact, 'trees/features', Uint32Array, 1);
  if (features !== featureCount) throw damaged(`trees of ${featureCount} features`, artifact);
  const seen = arrayOf(artifact, 'trees/seen', Uint8Array, null);
  if (seen.some(action => action >= actionCount)) throw damaged('known actions', artifact);
  return {
    seen,
    actions: forestOf(artifact, 'actions', seen.length > 2 ? seen.length : 1),
    heads: treeHeads.map(head => forestOf(artifact, head, 1)),
    frequencies: frequenciesOf(artifact),
  };
}
