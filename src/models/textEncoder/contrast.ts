// The loss has two parts. The first distinguishes, among the products of a batch, those of the same run from those of other
// shoppers (InfoNCE; van den Oord, Li & Vinyals 2018, eq. 4, with in-batch negatives). The second distinguishes a product's
// title from other titles, given the rest of its text. For product i of a run R of k, unit vectors z, map A and offset c:
//
//   m_i = Σ_{j ∈ R, j ≠ i} z_j / (k - 1)         a shopper who has the others
//   s_ij = (m_i·A + c)·z_j / τ - λ·log Q_j      Q_j: how often j is in a batch (Yi et al. 2019, eq. 3)
//   L_i = -log (e^s_ii / Σ_j e^s_ij)            over i itself and products that are not in R
//
// Each product is both a query and a candidate: the loss is symmetric. Pairs of texts (a, b) of one product: -log softmax of
// a·b/τ over the batch, both ways.
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
  readonly transposed: Float32Array;
}

const eights = (count: number): number => 8 * Math.ceil(count / 8);

/** Arrays for batches of at most so many products and pairs. */
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
    transposed: arena.float32(square),
  };
}

/** A batch as the loss reads it: rows of runs come first, then the left texts of all pairs, then the right ones. */
export interface Batch {
  /** Run of each product; products of one run are adjacent. */
  readonly runs: Uint32Array;
  /** Row of each product: a product in the runs of two shoppers is a negative in neither. */
  readonly products: Uint32Array;
  /** λ·log Q of each. */
  readonly corrections: Float32Array;
  readonly pairs: number;
}

/** Arrays that the loss reads and writes. */
export interface LossArrays {
  /** float32 [rows × D], and their gradients, which are added to. */
  readonly vectors: Float32Array;
  readonly gradients: Float32Array;
  readonly map: Float32Array;
  readonly mapGradient: Float32Array;
  readonly offset: Float32Array;
  readonly offsetGradient: Float32Array;
}

/** First row after the run that begins at `start`. */
function endOfRun(runs: Uint32Array, start: number): number {
  let end = start + 1;
  while (end < runs.length && runs[end] === runs[start]) end++;
  return end;
}

/** out_i += scale · Σ_{j ≠ i} in_j over each run, scale = 1 / (k - 1). It is its own transpose, hence its own gradient. */
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

/** Replaces the scores of a row by the gradient of its loss. Returns the loss. @param own - column of the target */
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

/** Marks the products of a run, in this run and others: they are not negatives of it. */
function markOwn({ runs, products }: Batch, start: number, end: number, isOwn: Uint8Array): void {
  const own = new Set(products.subarray(start, end));
  for (let column = 0; column < runs.length; column++) isOwn[column] = Number(own.has(products[column]));
}

/** Replaces the scores of the runs by their gradients. Returns the summed loss. */
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

/** Adds the gradients of the loss of the runs, mean over products. Returns that loss. */
export function contrastRuns(
  contrast: Contrast,
  kernels: NetworkKernels,
  batch: Batch,
  arrays: LossArrays,
  temperature: number,
): number {
  const { dimensions: d, means, queries, queryGradients, meanGradients, scores } = contrast;
  const count = batch.runs.length;
  const stride = eights(count);
  const { vectors, gradients, map, mapGradient, offset, offsetGradient } = arrays;
  means.fill(0);
  addOthers(batch.runs, vectors, d, means);
  kernels.multiply(means.byteOffset, map.byteOffset, queries.byteOffset, count, d, d);
  kernels.addBias(queries.byteOffset, count, d, offset.byteOffset);
  kernels.multiplyTransposed(queries.byteOffset, vectors.byteOffset, scores.byteOffset, count, d, stride);
  const loss = runLoss(scores, stride, batch, temperature) / count;
  scaleBy(scores.subarray(0, count * stride), 1 / (count * temperature));
  kernels.multiply(scores.byteOffset, vectors.byteOffset, queryGradients.byteOffset, count, stride, d);
  // Gᵀ·Q has a row per column of G: rows beyond the runs reach into the gradients of the pairs, but are zeros.
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

function transposeInto(from: Float32Array, count: number, stride: number, to: Float32Array): void {
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) to[j * stride + i] = from[i * stride + j];
}

/**
 * Adds the gradients of the loss of the pairs, mean over pairs and both directions, times `weight`. Returns that loss.
 *
 * @param left - rows of the left texts, from [pairs × D] on; `right` likewise
 */
export function contrastPairs(
  contrast: Contrast,
  kernels: NetworkKernels,
  pairs: number,
  { left, right }: { readonly left: PairSide; readonly right: PairSide },
  { temperature, weight }: { readonly temperature: number; readonly weight: number },
): number {
  const { dimensions: d, scores, transposed } = contrast;
  const stride = eights(pairs);
  kernels.multiplyTransposed(
    left.vectors.byteOffset,
    right.vectors.byteOffset,
    scores.byteOffset,
    pairs,
    d,
    stride,
  );
  transposeInto(scores, pairs, stride, transposed);
  let loss = 0;
  for (let i = 0; i < pairs; i++) {
    for (const side of [scores, transposed]) {
      loss += softmaxRow(side.subarray(i * stride, i * stride + pairs), i, 1 / temperature, () => 0);
      side.fill(0, i * stride + pairs, (i + 1) * stride);
    }
  }
  const scale = weight / (2 * pairs * temperature);
  for (let i = 0; i < pairs; i++) {
    for (let j = 0; j < pairs; j++)
      scores[i * stride + j] = scale * (scores[i * stride + j] + transposed[j * stride + i]);
  }
  const [g, l, r] = [scores.byteOffset, left, right];
  kernels.addMultiply(g, r.vectors.byteOffset, l.gradients.byteOffset, pairs, stride, d);
  // Rows after the pairs get zeros.
  kernels.addTransposedMultiply(g, l.vectors.byteOffset, r.gradients.byteOffset, stride, pairs, d);
  return (weight * loss) / (2 * pairs);
}

/** One side of the pairs. */
export interface PairSide {
  readonly vectors: Float32Array;
  readonly gradients: Float32Array;
}
