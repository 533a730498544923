import type { Rng } from '../../numeric/rng';
import type { Arena } from '../../numeric/wasm/arena';

/** Ages that have a weight of their own in a history; older products share the last. */
export const ages = 64;

/** Parameters that are updated at every step. Each length is a multiple of 8. */
export interface DenseTables {
  /** User tower: weights into its hidden layer [d × d], that layer's bias [d], weights out of it [d × d]. */
  readonly hidden: Float32Array;
  readonly bias: Float32Array;
  readonly out: Float32Array;
  /** Attention query of the pooled history, [d]. */
  readonly query: Float32Array;
  /** Attention bias of each age, [ages]. */
  readonly age: Float32Array;
}

/** All parameters. */
export interface Tables extends DenseTables {
  /** Embeddings of products, [products × d]. */
  readonly ids: Float32Array;
  /** Embeddings of features, [buckets × d]. */
  readonly features: Float32Array;
}

/** Sizes of the tables. */
export interface Shape {
  readonly products: number;
  readonly buckets: number;
  /** d, a multiple of 8. */
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

/** Dense tables of zeros, one after the other in one array. */
export function createDenseTables(
  arena: Arena,
  shape: Shape,
): { readonly dense: Float32Array; readonly tables: DenseTables } {
  const lengths = tableLengths(shape);
  const dense = arena.float32(lengths.hidden + lengths.bias + lengths.out + lengths.query + lengths.age);
  let start = 0;
  const next = (length: number): Float32Array => {
    start += length;
    return dense.subarray(start - length, start);
  };
  const tables = {
    hidden: next(lengths.hidden),
    bias: next(lengths.bias),
    out: next(lengths.out),
    query: next(lengths.query),
    age: next(lengths.age),
  };
  return { dense, tables };
}

/** Draws first parameters: small normal numbers; features and the weights out of the hidden layer start as zeros. */
export function drawParameters(tables: Tables, columns: number, rng: Rng): void {
  const scale = 1 / Math.sqrt(columns);
  for (const table of [tables.ids, tables.hidden]) {
    for (let place = 0; place < table.length; place++) table[place] = scale * rng.gaussian();
  }
}
