// Products of equal terms are one unit: variants of a product, and in a shop without texts all products of a category.
// Units are clustered in place of products, so that the time does not grow with the number of variants, and products that
// nothing distinguishes are never in different tags.

import type { Csr } from '../../numeric/csr';

/** Units and their products. */
export interface Units {
  readonly count: number;
  /** Unit of each product. */
  readonly unitOf: Uint32Array;
  /** Number of products of each unit, ≥ 1. */
  readonly sizes: Float32Array;
  /** Row of each unit's first product. */
  readonly firsts: Uint32Array;
}

/** Whether two rows have the same columns. */
function areEqual({ indptr, indices }: Csr, a: number, b: number): boolean {
  const length = indptr[a + 1] - indptr[a];
  if (indptr[b + 1] - indptr[b] !== length) return false;
  for (let at = 0; at < length; at++) if (indices[indptr[a] + at] !== indices[indptr[b] + at]) return false;
  return true;
}

/** FNV-1a over the columns of a row (Fowler, Noll & Vo), 32 bits. */
function hashOf({ indptr, indices }: Csr, row: number): number {
  let hash = 0x811c9dc5;
  for (let entry = indptr[row]; entry < indptr[row + 1]; entry++)
    hash = Math.imul(hash ^ indices[entry], 0x01000193);
  return hash;
}

/**
 * Groups products by the set of their known terms. A product without known terms is a unit of its own. O(terms).
 *
 * @param counts - [products × terms]
 */
export function unitsOf(counts: Csr): Units {
  const { rows, indptr } = counts;
  const unitOf = new Uint32Array(rows);
  const firsts: number[] = [];
  const sizes: number[] = [];
  const byHash = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const isEmpty = indptr[row] === indptr[row + 1];
    const hash = isEmpty ? 0 : hashOf(counts, row);
    const alike = isEmpty ? [] : (byHash.get(hash) ?? []);
    const found = alike.find(unit => areEqual(counts, firsts[unit], row));
    const unit = found ?? firsts.length;
    if (found === undefined) {
      firsts.push(row);
      sizes.push(0);
      if (!isEmpty) byHash.set(hash, [...alike, unit]);
    }
    unitOf[row] = unit;
    sizes[unit]++;
  }
  return { count: firsts.length, unitOf, sizes: Float32Array.from(sizes), firsts: Uint32Array.from(firsts) };
}

/** Returns shoppers' preferences for units: the sum over a unit's products. [users × units] */
export function preferencesOfUnits({ rows, indptr, indices, values }: Csr, { count, unitOf }: Units): Csr {
  const sums = new Float64Array(count);
  const metBy = new Int32Array(count).fill(-1);
  const starts = new Uint32Array(rows + 1);
  const units = new Uint32Array(indices.length);
  const out = new Float32Array(indices.length);
  let end = 0;
  for (let user = 0; user < rows; user++) {
    for (let entry = indptr[user]; entry < indptr[user + 1]; entry++) {
      const unit = unitOf[indices[entry]];
      if (metBy[unit] !== user) {
        metBy[unit] = user;
        sums[unit] = 0;
        units[end++] = unit;
      }
      sums[unit] += values[entry];
    }
    units.subarray(starts[user], end).sort();
    for (let entry = starts[user]; entry < end; entry++) out[entry] = sums[units[entry]];
    starts[user + 1] = end;
  }
  return {
    rows,
    columns: count,
    indptr: starts,
    indices: units.slice(0, end),
    values: out.slice(0, end),
  };
}
