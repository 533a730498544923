// Spherical k-means (Dhillon & Modha 2001): rows have unit length, similarity is the cosine, a centre is the normalized
// sum of its rows. Seeded by k-means++ (Arthur & Vassilvitskii 2007) on squared distance 2 - 2·cos; mini-batches first
// (Sculley 2010), then full passes until almost no row moves. The restart with the highest mean cosine is returned.
// Deterministic for a seed. O(rows · k · dimensions) per pass.

import { createRng, type Rng } from './rng';

/** Settings of the clustering. */
export interface KMeansOptions {
  /** Clusters, ≥ 1; at most the number of rows is used. */
  readonly k: number;
  readonly seed: number;
  /** Restarts, of which the best is returned. */
  readonly restarts: number;
  /** Rows per mini-batch, and the number of mini-batches before the full passes. */
  readonly batchSize: number;
  readonly batches: number;
  readonly maxPasses: number;
}

/** A clustering of rows. */
export interface Clusters {
  readonly k: number;
  /** Cluster of each row. */
  readonly labels: Uint32Array;
  /** [k × dimensions], unit length each. */
  readonly centres: Float32Array;
  /** Mean cosine of rows to their centres. */
  readonly cohesion: number;
}

/** Rows to cluster. */
interface Rows {
  readonly values: Float32Array;
  readonly count: number;
  readonly dimensions: number;
}

/** Iteration stops when a pass moves fewer than this share of the rows. */
const settledShare = 5e-4;

/** Inner product; four independent sums, which the processor adds in parallel. */
function product(a: Float32Array, aStart: number, b: Float32Array, bStart: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = length - (length % 4);
  for (let k = 0; k < whole; k += 4) {
    s0 += a[aStart + k] * b[bStart + k];
    s1 += a[aStart + k + 1] * b[bStart + k + 1];
    s2 += a[aStart + k + 2] * b[bStart + k + 2];
    s3 += a[aStart + k + 3] * b[bStart + k + 3];
  }
  for (let k = whole; k < length; k++) s0 += a[aStart + k] * b[bStart + k];
  return s0 + s1 + (s2 + s3);
}

function normalize(vector: Float32Array, start: number, length: number): void {
  const norm = Math.sqrt(product(vector, start, vector, start, length));
  if (norm === 0) return;
  for (let k = 0; k < length; k++) vector[start + k] /= norm;
}

/** Draws a row in proportion to its weight; the last row when all weights are 0. */
function draw(weights: Float64Array, rng: Rng): number {
  let left = rng.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let row = 0; row < weights.length; row++) {
    left -= weights[row];
    if (left < 0) return row;
  }
  return weights.length - 1;
}

/** k-means++: each centre is a row drawn in proportion to its squared distance to the nearest centre drawn before. */
function seedCentres({ values, count, dimensions }: Rows, k: number, rng: Rng): Float32Array {
  const centres = new Float32Array(k * dimensions);
  const distances = new Float64Array(count).fill(1);
  for (let centre = 0; centre < k; centre++) {
    const row = centre === 0 ? rng.int(count) : draw(distances, rng);
    const start = centre * dimensions;
    centres.set(values.subarray(row * dimensions, (row + 1) * dimensions), start);
    normalize(centres, start, dimensions);
    for (let other = 0; other < count; other++) {
      const cosine = product(values, other * dimensions, centres, start, dimensions);
      const distance = Math.max(0, 1 - cosine);
      distances[other] = centre === 0 ? distance : Math.min(distances[other], distance);
    }
  }
  return centres;
}

/** Returns the nearest centre of a row, the first of equal ones, and writes its cosine to `cosines[row]`. */
function nearest(
  { values, dimensions }: Rows,
  row: number,
  centres: Float32Array,
  cosines: Float64Array,
): number {
  const start = row * dimensions;
  let centre = 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < centres.length; at += dimensions) {
    const cosine = product(values, start, centres, at, dimensions);
    if (cosine <= best) continue;
    best = cosine;
    centre = at / dimensions;
  }
  cosines[row] = best;
  return centre;
}

/** One mini-batch: moves each centre towards its rows, at a rate of 1 / rows assigned to it so far. */
function learnBatch(
  rows: Rows,
  centres: Float32Array,
  assignedCounts: Float64Array,
  size: number,
  rng: Rng,
): void {
  const { values, count, dimensions } = rows;
  const cosines = new Float64Array(count);
  const drawn = Array.from({ length: size }, () => rng.int(count));
  const assigned = drawn.map(row => nearest(rows, row, centres, cosines));
  for (const [at, row] of drawn.entries()) {
    const centre = assigned[at];
    const rate = 1 / ++assignedCounts[centre];
    const start = centre * dimensions;
    for (let k = 0; k < dimensions; k++) {
      centres[start + k] += rate * (values[row * dimensions + k] - centres[start + k]);
    }
  }
  for (let at = 0; at < centres.length; at += dimensions) normalize(centres, at, dimensions);
}

/**
 * One full pass. A centre without rows is moved to the row farthest from its own centre.
 *
 * @returns the number of rows that moved, and the mean cosine
 */
function pass(rows: Rows, centres: Float32Array, labels: Uint32Array) {
  const { values, count, dimensions } = rows;
  const sums = new Float64Array(centres.length);
  const sizes = new Uint32Array(centres.length / dimensions);
  const cosines = new Float64Array(count);
  let moved = 0;
  let total = 0;
  for (let row = 0; row < count; row++) {
    const centre = nearest(rows, row, centres, cosines);
    if (labels[row] !== centre) moved++;
    labels[row] = centre;
    total += cosines[row];
    sizes[centre]++;
    for (let k = 0; k < dimensions; k++) sums[centre * dimensions + k] += values[row * dimensions + k];
  }
  for (const [centre, size] of sizes.entries()) {
    const start = centre * dimensions;
    const far = size > 0 ? -1 : farthest(cosines);
    for (let k = 0; k < dimensions; k++) {
      centres[start + k] = far < 0 ? sums[start + k] : values[far * dimensions + k];
    }
    normalize(centres, start, dimensions);
  }
  return { moved, cohesion: total / count };
}

/** Returns the row with the lowest cosine, and excludes it from later calls. */
function farthest(cosines: Float64Array): number {
  let found = 0;
  for (let row = 1; row < cosines.length; row++) if (cosines[row] < cosines[found]) found = row;
  cosines[found] = Number.POSITIVE_INFINITY;
  return found;
}

async function start(
  rows: Rows,
  options: KMeansOptions,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Clusters> {
  const rng = createRng(seed);
  const k = Math.min(options.k, rows.count);
  const centres = seedCentres(rows, k, rng);
  const assignedCounts = new Float64Array(k);
  if (rows.count > options.batchSize) {
    for (let batch = 0; batch < options.batches; batch++) {
      learnBatch(rows, centres, assignedCounts, options.batchSize, rng);
    }
  }
  const labels = new Uint32Array(rows.count).fill(k);
  let cohesion = 0;
  for (let done = 0; done < options.maxPasses; done++) {
    const passed = pass(rows, centres, labels);
    cohesion = passed.cohesion;
    await onPass();
    if (passed.moved < settledShare * rows.count) break;
  }
  return { k, labels, centres, cohesion };
}

/**
 * Clusters rows by cosine similarity.
 *
 * @param values - [rows × dimensions], each row of unit length (a row of zeros goes to the first cluster)
 * @param onPass - called after each full pass; may throw to stop
 * @throws {RangeError} without rows or clusters
 */
export async function sphericalKMeans(
  values: Float32Array,
  dimensions: number,
  options: KMeansOptions,
  onPass: () => Promise<void> = async () => undefined,
): Promise<Clusters> {
  const rows = { values, dimensions, count: values.length / dimensions };
  if (!(rows.count >= 1 && options.k >= 1)) {
    throw new RangeError(`Expected rows and clusters; got ${rows.count} and ${options.k}.`);
  }
  let best: Clusters | undefined;
  for (let restart = 0; restart < Math.max(1, options.restarts); restart++) {
    const found = await start(rows, options, options.seed + restart * 7919, onPass);
    if (!best || found.cohesion > best.cohesion) best = found;
  }
  return best ?? (await start(rows, options, options.seed, onPass));
}
