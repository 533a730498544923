import { arrayOf } from '../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../artifact/artifact';
import { GatewayError } from '../domain/errors';
import { type CategorySets, type Forest, isWellFormed } from '../numeric/trees/forest';

type Entries = readonly (readonly [string, ArtifactArray])[];

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
const categoryParts = ['codeStarts', 'codeBins', 'setStarts', 'sets'] as const;

/** Returns a forest as arrays of an artifact, named `prefix`/part; those of categories only where it has any. */
export const forestArrays = (prefix: string, forest: Forest): Entries => [
  ...forestParts.map(part => [`${prefix}/${part}`, forest[part]] as const),
  ...categoryParts.flatMap(part =>
    forest.categories ? [[`${prefix}/${part}`, forest.categories[part]] as const] : [],
  ),
];

function categoriesOf(
  artifact: Artifact,
  prefix: string,
  columns: number,
  nodes: number,
): CategorySets | null {
  if (!artifact.arrays.has(`${prefix}/codeStarts`)) return null;
  return {
    codeStarts: arrayOf(artifact, `${prefix}/codeStarts`, Uint32Array, columns + 1),
    codeBins: arrayOf(artifact, `${prefix}/codeBins`, Uint8Array, null),
    setStarts: arrayOf(artifact, `${prefix}/setStarts`, Uint32Array, nodes + 1),
    sets: arrayOf(artifact, `${prefix}/sets`, Uint32Array, null),
  };
}

/**
 * Reads a forest that {@link forestArrays} wrote; null where the artifact has none of that prefix.
 *
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function forestOf(
  artifact: Artifact,
  prefix: string,
  outputs: number,
  columns: number,
): Forest | null {
  if (!artifact.arrays.has(`${prefix}/base`)) return null;
  const part = (name: string): string => `${prefix}/${name}`;
  const column = arrayOf(artifact, part('column'), Int32Array, null);
  const nodes = column.length;
  const categories = categoriesOf(artifact, prefix, columns, nodes);
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
    ...(categories && { categories }),
  };
  if (isWellFormed(forest)) return forest;
  const expected = `trees of ${columns} columns`;
  const { model } = artifact.header;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected ${expected} in ${prefix} of the ${model} artifact; got others. Train the model again.`,
    { model, expected },
  );
}
