// What a model says about a product of which it knows little: which products follow those of its category, then of the
// categories above, then whatever is in demand.
//
//   q_i(j) = Σ_b T_a(b) · pop(j) / pop(b)  +  R_a · pop(j)       a: the category of i, b: the categories of products j
//   T_a(b) = (C_ab + κ · T_parent(a)(b)) / (C_a + κ)             above the highest category: T(b) = pop(b)
//
// C_ab counts neighbouring choices of one shopper: each choice spreads 1 over the choices near it, by distance in orders. A model
// uses q as the prior of its own estimates (Dirichlet smoothing: MacKay & Bauman Peto 1995; Zhai & Lafferty 2001, §2):
//
//   p(j | i) = (c_ij + θ · q_i(j)) / (n_i + θ)
//
// pop is demand: popularity in which old choices count less (demand.ts). It gives a part of its mass to products that nobody chose
// yet: an absolute discount (Kneser & Ney 1995), D = n₁/(n₁ + 2n₂) of a choice per seen product, with n₁ and n₂ products chosen once
// and twice. All products of the same category share it equally.
//
// How to use it: `trainBackoff` (trainBackoff.ts) once per snapshot; store `backoffArrays`, read `backoffOf`. Scoring one list: for each product
// i of the history `pool.add(i, mass)` with the mass θ/(n_i + θ) that its own counts leave, then `pool.addInto(out)`, which adds
// Σ mass · q_i(j) to every product j.
//
// Cost of a list: one pass over the categories of the history and their targets (200 per category at most), and one over the
// products, without allocation. Memory: the same, and three numbers per product.

import { arrayOf } from '../artifact/arrayOf';
import type { Artifact, ArtifactArray } from '../artifact/artifact';
import { GatewayError } from '../domain/errors';

/** See the head of this file. Categories are numbered so that parents come before children. */
export interface Backoff {
  /** Category of each product; -1 without one. */
  readonly leafOf: Int32Array;
  /** Parent of each category; -1 for the highest. */
  readonly parentOf: Int32Array;
  /** Targets of category a are [offsets[a], offsets[a + 1]). Length categories + 1. */
  readonly offsets: Uint32Array;
  /** Category b of each target. */
  readonly targets: Uint32Array;
  /** C_ab / (C_a + κ). > 0. Targets of a parent are not repeated in its children. */
  readonly shares: Float32Array;
  /** 1 - Σ shares: what category a leaves to its parent, or to popularity. */
  readonly rests: Float32Array;
  /** Share of each product in demand. ≥ 0, sum 1. */
  readonly popularity: Float32Array;
  /** Share of each product in the choices of its category; 0 without one. */
  readonly within: Float32Array;
}

/** Returns the sum of a value per product over the products of each category. */
export function sumsByLeaf(
  leafOf: Int32Array,
  categories: number,
  amountOf: (row: number) => number,
): Float64Array {
  const sums = new Float64Array(categories);
  for (let row = 0; row < leafOf.length; row++) if (leafOf[row] >= 0) sums[leafOf[row]] += amountOf(row);
  return sums;
}

/**
 * Returns the same with all products of a category equally likely. Better where products live shortly: what was popular
 * in a category is then gone, and most of what is chosen next nobody chose before.
 */
export function spreadEvenly(backoff: Backoff): Backoff {
  const { leafOf, parentOf, popularity } = backoff;
  const sums = sumsByLeaf(leafOf, parentOf.length, row => popularity[row]);
  const sizes = sumsByLeaf(leafOf, parentOf.length, () => 1);
  return {
    ...backoff,
    popularity: popularity.map((own, row) =>
      leafOf[row] < 0 ? own : sums[leafOf[row]] / sizes[leafOf[row]],
    ),
    within: popularity.map((_, row) => (leafOf[row] < 0 ? 0 : 1 / sizes[leafOf[row]])),
  };
}

const arrayNames = {
  leafOf: 'backoffLeafOf',
  parentOf: 'backoffParentOf',
  offsets: 'backoffOffsets',
  targets: 'backoffTargets',
  shares: 'backoffShares',
  rests: 'backoffRests',
  popularity: 'backoffPopularity',
  within: 'backoffWithin',
} as const satisfies Record<keyof Backoff, string>;

/** Returns a back-off as entries of an artifact's arrays. */
export const backoffArrays = (backoff: Backoff): readonly (readonly [string, ArtifactArray])[] => [
  [arrayNames.leafOf, backoff.leafOf],
  [arrayNames.parentOf, backoff.parentOf],
  [arrayNames.offsets, backoff.offsets],
  [arrayNames.targets, backoff.targets],
  [arrayNames.shares, backoff.shares],
  [arrayNames.rests, backoff.rests],
  [arrayNames.popularity, backoff.popularity],
  [arrayNames.within, backoff.within],
];

/** @throws {GatewayError} ARTIFACT_DAMAGED when categories are out of range */
function checkBackoff(artifact: Artifact, { leafOf, parentOf, offsets, targets }: Backoff): void {
  const categories = parentOf.length;
  const isInOrder =
    offsets[0] === 0 &&
    offsets[categories] === targets.length &&
    offsets.every((offset, index) => index === 0 || offset >= offsets[index - 1]);
  const isWithin =
    leafOf.every(leaf => leaf >= -1 && leaf < categories) &&
    parentOf.every((parent, category) => parent >= -1 && parent < category) &&
    targets.every(target => target < categories);
  if (isInOrder && isWithin) return;
  throw new GatewayError(
    'ARTIFACT_DAMAGED',
    `Expected transitions between ${categories} categories; got offsets or categories outside them. Train the model again.`,
    { model: artifact.header.model },
  );
}

/**
 * Reads what {@link backoffArrays} stored; null for an artifact of an earlier version, which has none.
 *
 * @param size - number of products
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function backoffOf(artifact: Artifact, size: number): Backoff | null {
  if (Object.values(arrayNames).every(name => !artifact.arrays.has(name))) return null;
  const parentOf = arrayOf(artifact, arrayNames.parentOf, Int32Array, null);
  const targets = arrayOf(artifact, arrayNames.targets, Uint32Array, null);
  const backoff: Backoff = {
    leafOf: arrayOf(artifact, arrayNames.leafOf, Int32Array, size),
    parentOf,
    offsets: arrayOf(artifact, arrayNames.offsets, Uint32Array, parentOf.length + 1),
    targets,
    shares: arrayOf(artifact, arrayNames.shares, Float32Array, targets.length),
    rests: arrayOf(artifact, arrayNames.rests, Float32Array, parentOf.length),
    popularity: arrayOf(artifact, arrayNames.popularity, Float32Array, size),
    within: arrayOf(artifact, arrayNames.within, Float32Array, size),
  };
  checkBackoff(artifact, backoff);
  return backoff;
}

/** Collects the masses of one list. Its scratch is reused: one pool per scorer. */
export interface BackoffPool {
  /** Gives mass to what follows a product. @param mass - ≥ 0 */
  add(product: number, mass: number): void;
  /** Gives mass to popularity itself. @param mass - ≥ 0 */
  addPopular(mass: number): void;
  /** Adds Σ mass · q(j) to every product and empties the pool. Adds a total of all masses. @param out - [products] */
  addInto(out: Float32Array): void;
}

/** Returns an empty pool. */
export function backoffPool(backoff: Backoff): BackoffPool {
  const { leafOf, parentOf, offsets, targets, shares, rests, popularity, within } = backoff;
  const categories = parentOf.length;
  const masses = new Float64Array(categories);
  const received = new Float64Array(categories);
  let popular = 0;
  /** Gives the mass of each category to its targets, and the rest upwards: children come before parents. */
  const spread = (): void => {
    for (let category = categories - 1; category >= 0; category--) {
      const mass = masses[category];
      if (mass === 0) continue;
      masses[category] = 0;
      for (let place = offsets[category]; place < offsets[category + 1]; place++)
        received[targets[place]] += mass * shares[place];
      if (parentOf[category] < 0) popular += mass * rests[category];
      else masses[parentOf[category]] += mass * rests[category];
    }
  };
  return {
    add(product, mass) {
      if (leafOf[product] < 0) popular += mass;
      else masses[leafOf[product]] += mass;
    },
    addPopular(mass) {
      popular += mass;
    },
    addInto(out) {
      spread();
      for (let row = 0; row < out.length; row++) {
        const leaf = leafOf[row];
        out[row] += popular * popularity[row] + (leaf < 0 ? 0 : received[leaf] * within[row]);
      }
      received.fill(0);
      popular = 0;
    },
  };
}

/** A back-off with its share in the scores of each product of a history. */
export interface WeighedBackoff {
  readonly backoff: Backoff;
  /** n / (n + θ): share of the product's own evidence n. 0-1, [products]. */
  readonly trusts: Float32Array;
  /** Weight of q_i, on the scale of the model's own scores. ≥ 0, [products]. */
  readonly masses: Float32Array;
}

/**
 * Reads a back-off with trusts and masses; null for an artifact of an earlier version.
 *
 * @param size - number of products
 * @throws {GatewayError} ARTIFACT_DAMAGED
 */
export function weighedBackoffOf(artifact: Artifact, size: number): WeighedBackoff | null {
  const backoff = backoffOf(artifact, size);
  return (
    backoff && {
      backoff,
      trusts: arrayOf(artifact, 'backoffTrusts', Float32Array, size),
      masses: arrayOf(artifact, 'backoffMasses', Float32Array, size),
    }
  );
}
