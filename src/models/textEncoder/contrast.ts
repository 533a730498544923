// What is learned: to tell, among the products of a batch, those of one's own run from those of other shoppers (InfoNCE;
// van den Oord, Li & Vinyals 2018, eq. 4, with in-batch negatives), and a product's title from the titles of others by
// the rest of its text. For product i of a run R of k, unit vectors z, map A and offset c:
//
//   m_i = Σ_{j ∈ R, j ≠ i} z_j / (k - 1)         a shopper who has the others
//   s_ij = (m_i·A + c)·z_j / τ - λ·log Q_j      Q_j: how often j is in a batch (Yi et al. 2019, eq. 3)
//   L_i = -log (e^s_ii / Σ_j e^s_ij)            over i itself and products that are not in R
//
// Each product stands on both sides, as asked for and as answer: the loss is symmetric. Pairs of texts (a, b) of one
// product: -log softmax of a·b/τ over the batch, both ways.
import type { Arena } from '../../numeric/wasm/arena';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';

/** Arrays for the loss of a batch, made once. Rows have D floats. */
export interface Contrast {
  readonly dimensions: number;
  readonly means: Float32Array;
  readonly queries: Float32Array;
  readonly queryGradients: Float32Array;
  readonly meanGradients: Float32Array;
  readonly scores: Float32Array;
  readonly turned: Float32Array;
}

const eights = (count: number): number => 8 * Math.ceil(count / 8);

/** Makes room. */
export function createContrast(arena: Arena, dimensions: number, products: number, pairs: number): Contrast {
  const rows = (): Float32Array => arena.float32(eights(products) * dimensions);
  const square = Math.max(eights(products), eights(pairs)) ** 2;
  return {
    dimensions,
    means: rows(),
    queries: rows(),
    queryGradients: rows(),
    meanGradients: rows(),
    scores: arena.float32(square),
    turned: arena.float32(square),
  };
}

/** A batch as the loss sees it: rows of runs come first, then the left texts of all pairs, then the right ones. */
export interface Batch {
  /** Run of each product; products of one stand together. */
  readonly runs: Uint32Array;
  /** Which product it is: one that two shoppers have is no negative in either's run. */
  readonly products: Uint32Array;
  /** λ·log Q of each. */
  readonly corrections: Float32Array;
  readonly pairs: number;
}

/** Addresses of what the loss reads and writes. */
export interface Places {
  /** float32 [rows × D], and their gradients, overwritten. */
  readonly vectors: Float32Array;
  readonly gradients: Float32Array;
  readonly map: Float32Array;
  readonly mapGradient: Float32Array;
  readonly offset: Float32Array;
  readonly offsetGradient: Float32Array;
}

/** First row after the run that starts at `start`. */
function endOfRun(runs: Uint32Array, start: number): number {
  let end = start + 1;
  while (end < runs.length && runs[end] === runs[start]) end++;
  return end;
}

/**
 * out_i (+)= scale · Σ_{j ≠ i} in_j over each run, scale = 1 / (k - 1). It is its own transpose: also the way back.
 */
function addOthers(runs: Uint32Array, rows: Float32Array, d: number, out: Float32Array): void {
  const sum = new Float64Array(d);
  for (let start = 0; start < runs.length; ) {
    const end = endOfRun(runs, start);
    const scale = 1 / Math.max(1, end - start - 1);
    sum.fill(0);
    for (let row = start; row < end; row++) for (let k = 0; k < d; k++) sum[k] += rows[row * d + k];
    for (let row = start; row < end; row++) {
      for (let k = 0; k < d; k++) out[row * d + k] += scale * (sum[k] - rows[row * d + k]);
    }
    start = end;
  }
}

/** Turns scores of a row into the gradient of its loss, in place; answers the loss. `own` is the right answer. */
function softmaxRow(
  row: Float32Array,
  own: number,
  scale: number,
  correction: (column: number) => number,
): number {
  let high = Number.NEGATIVE_INFINITY;
  for (let column = 0; column < row.length; column++) {
    row[column] = scale * row[column] - correction(column);
    if (row[column] > high) high = row[column];
  }
  const score = row[own];
  let total = 0;
  for (let column = 0; column < row.length; column++) {
    row[column] = Math.exp(row[column] - high);
    total += row[column];
  }
  for (let column = 0; column < row.length; column++) row[column] /= total;
  row[own] -= 1;
  return Math.log(total) + high - score;
}

/** Which products are no negatives of a run: its own, wherever they stand. */
function markOwn({ runs, products }: Batch, start: number, end: number, isOwn: Uint8Array): void {
  const own = new Set(products.subarray(start, end));
  for (let column = 0; column < runs.length; column++) isOwn[column] = Number(own.has(products[column]));
}

/** Scores of the runs → gradients of the scores, in place; answers the summed loss. */
function runLoss(scores: Float32Array, stride: number, batch: Batch, temperature: number): number {
  const { runs, corrections } = batch;
  const count = runs.length;
  const isOwn = new Uint8Array(count);
  let loss = 0;
  for (let start = 0; start < count; ) {
    const end = endOfRun(runs, start);
    markOwn(batch, start, end, isOwn);
    for (let i = start; i < end; i++) {
      const row = scores.subarray(i * stride, i * stride + count);
      loss += softmaxRow(row, i, 1 / temperature, j =>
        j !== i && isOwn[j] === 1 ? Number.POSITIVE_INFINITY : corrections[j],
      );
      scores.fill(0, i * stride + count, (i + 1) * stride);
    }
    start = end;
  }
  return loss;
}

function scaleBy(rows: Float32Array, scale: number): void {
  for (let k = 0; k < rows.length; k++) rows[k] *= scale;
}

/**
 * Loss of the runs, mean over products; gradients are added to what is there.
 *
 * @param places - gradients of vectors are added to
 */
export function contrastRuns(
  room: Contrast,
  kernels: NetworkKernels,
  batch: Batch,
  places: Places,
  temperature: number,
): number {
  const { dimensions: d, means, queries, queryGradients, meanGradients, scores } = room;
  const count = batch.runs.length;
  const stride = eights(count);
  const { vectors, gradients, map, mapGradient, offset, offsetGradient } = places;
  means.fill(0);
  addOthers(batch.runs, vectors, d, means);
  kernels.multiply(means.byteOffset, map.byteOffset, queries.byteOffset, count, d, d);
  kernels.addBias(queries.byteOffset, count, d, offset.byteOffset);
  kernels.multiplyTransposed(queries.byteOffset, vectors.byteOffset, scores.byteOffset, count, d, stride);
  const loss = runLoss(scores, stride, batch, temperature) / count;
  scaleBy(scores.subarray(0, count * stride), 1 / (count * temperature));
  kernels.multiply(scores.byteOffset, vectors.byteOffset, queryGradients.byteOffset, count, stride, d);
  // Gᵀ·Q has a row for each column of G: those beyond the runs would spill into the pairs' gradients, but are zeros.
  kernels.addTransposedMultiply(
    scores.byteOffset,
    queries.byteOffset,
    gradients.byteOffset,
    stride,
    count,
    d,
  );
  kernels.addTransposedMultiply(
    means.byteOffset,
    queryGradients.byteOffset,
    mapGradient.byteOffset,
    d,
    count,
    d,
  );
  kernels.addColumnSums(queryGradients.byteOffset, count, d, offsetGradient.byteOffset);
  kernels.multiplyTransposed(
    queryGradients.byteOffset,
    map.byteOffset,
    meanGradients.byteOffset,
    count,
    d,
    d,
  );
  addOthers(batch.runs, meanGradients, d, gradients);
  return loss;
}

function turnInto(from: Float32Array, count: number, stride: number, to: Float32Array): void {
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) to[j * stride + i] = from[i * stride + j];
}

/**
 * Loss of the pairs, mean over pairs and both ways, times `weight`.
 *
 * @param left - rows of the left texts, [pairs × D] and what lies behind; `right` likewise; gradients are added to
 */
export function contrastPairs(
  room: Contrast,
  kernels: NetworkKernels,
  pairs: number,
  { left, right }: { readonly left: PairSide; readonly right: PairSide },
  { temperature, weight }: { readonly temperature: number; readonly weight: number },
): number {
  const { dimensions: d, scores, turned } = room;
  const stride = eights(pairs);
  kernels.multiplyTransposed(
    left.vectors.byteOffset,
    right.vectors.byteOffset,
    scores.byteOffset,
    pairs,
    d,
    stride,
  );
  turnInto(scores, pairs, stride, turned);
  let loss = 0;
  for (let i = 0; i < pairs; i++) {
    for (const side of [scores, turned]) {
      loss += softmaxRow(side.subarray(i * stride, i * stride + pairs), i, 1 / temperature, () => 0);
      side.fill(0, i * stride + pairs, (i + 1) * stride);
    }
  }
  const scale = weight / (2 * pairs * temperature);
  for (let i = 0; i < pairs; i++) {
    for (let j = 0; j < pairs; j++)
      scores[i * stride + j] = scale * (scores[i * stride + j] + turned[j * stride + i]);
  }
  const [g, l, r] = [scores.byteOffset, left, right];
  kernels.addMultiply(g, r.vectors.byteOffset, l.gradients.byteOffset, pairs, stride, d);
  // Rows behind the pairs get zeros.
  kernels.addTransposedMultiply(g, l.vectors.byteOffset, r.gradients.byteOffset, stride, pairs, d);
  return (weight * loss) / (2 * pairs);
}

/** One side of the pairs. */
export interface PairSide {
  readonly vectors: Float32Array;
  readonly gradients: Float32Array;
}
