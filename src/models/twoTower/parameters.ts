import type { Rng } from '../../numeric/rng';
import type { Arena } from '../../numeric/wasm/arena';

/** Ages that have a weight of their own in a history; what is older shares the last. */
export const ages = 64;

/** Parameters, their gradients, or their moments: arrays of the same names. */
export interface Tables {
  /** Products' own numbers, [products × d]. */
  readonly ids: Float32Array;
  /** Features' numbers, [buckets × d]. */
  readonly features: Float32Array;
  /** User tower: weights into its hidden layer [d × d], that layer's bias [d], weights out of it [d × d]. */
  readonly hidden: Float32Array;
  readonly bias: Float32Array;
  readonly out: Float32Array;
  /** What a product of the history must be like to be heard, [d]. */
  readonly query: Float32Array;
  /** How much an age is heard, [ages]. */
  readonly age: Float32Array;
}

/** Sizes of the tables. */
export interface Shape {
  readonly products: number;
  readonly buckets: number;
  readonly columns: number;
}

/** Elements of each table. */
export const tableLengths = ({
  products,
  buckets,
  columns,
}: Shape): Readonly<Record<keyof Tables, number>> => ({
  ids: products * columns,
  features: buckets * columns,
  hidden: columns * columns,
  bias: columns,
  out: columns * columns,
  query: columns,
  age: ages,
});

/** Tables of zeros in an arena. @param copies - 2 for moments, of which every parameter has two */
export function tablesOf(arena: Arena, shape: Shape, copies: 1 | 2): Tables {
  const lengths = tableLengths(shape);
  const table = (name: keyof Tables): Float32Array => arena.float32(copies * lengths[name]);
  return {
    ids: table('ids'),
    features: table('features'),
    hidden: table('hidden'),
    bias: table('bias'),
    out: table('out'),
    query: table('query'),
    age: table('age'),
  };
}

/** First parameters: small normal numbers; features and what leaves the hidden layer start as nothing. */
export function drawParameters(tables: Tables, columns: number, rng: Rng): void {
  const scale = 1 / Math.sqrt(columns);
  for (const table of [tables.ids, tables.hidden]) {
    for (let at = 0; at < table.length; at++) table[at] = scale * rng.gaussian();
  }
}
