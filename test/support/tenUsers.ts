import type { Rows } from '../../src/evaluation/rows';

const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${1000 + index}`);

/** Rows of (user, product) pairs, without ratings. */
export const rowsOf = (
  pairs: readonly (readonly [number, number])[],
  time = pairs.map(() => Number.NaN),
): Rows => ({
  user: Uint32Array.from(pairs, ([user]) => user),
  product: Uint32Array.from(pairs, ([, product]) => product),
  rating: new Float32Array(pairs.length).fill(Number.NaN),
  time: Float64Array.from(time),
});

/** The rows of a scorer that has the catalogue's products in the catalogue's order. */
export const sameRows = (size: number): Int32Array => Int32Array.from({ length: size }, (_, row) => row);

/** Ten users with ten products each, of twenty. */
export const pairs = Array.from({ length: 100 }, (_, index): [number, number] => [
  Math.floor(index / 10),
  (index * 7 + Math.floor(index / 10)) % 20,
]);
/** The ids of these users and products. */
export const tables = { userIds: ids('u', 10), productIds: ids('p', 20) };
