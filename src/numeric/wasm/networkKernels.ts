/**
 * Kernels that train small networks, over one memory. Arguments are byte addresses (the `byteOffset` of an arena's array)
 * and counts. Matrices are float32, row-major and contiguous. Columns are a multiple of 8 (paddedColumns.ts), element
 * counts a multiple of 4. Full descriptions: the plain twins in src/numeric/network.
 */
export interface NetworkKernels {
  /** out = A·B; A [rows × inner], B [inner × columns]. */
  multiply(a: number, b: number, out: number, rows: number, inner: number, columns: number): void;
  /** out += A·B. */
  addMultiply(a: number, b: number, out: number, rows: number, inner: number, columns: number): void;
  /** out = A·Bᵀ; B [columns × inner], inner a multiple of 4. */
  multiplyTransposed(a: number, b: number, out: number, rows: number, inner: number, columns: number): void;
  /** out += A·Bᵀ. */
  addMultiplyTransposed(
    a: number,
    b: number,
    out: number,
    rows: number,
    inner: number,
    columns: number,
  ): void;
  /** out += Aᵀ·B; A [inner × rows], rows a multiple of 4. */
  addTransposedMultiply(
    a: number,
    b: number,
    out: number,
    rows: number,
    inner: number,
    columns: number,
  ): void;
  /** out = x·σ(1.702·x). */
  gelu(x: number, count: number, out: number): void;
  /** gradient ← gradient·gelu'(x). */
  geluBackward(x: number, count: number, gradient: number): void;
  relu(x: number, count: number, out: number): void;
  /** gradient ← 0 where out is not > 0. */
  reluBackward(out: number, count: number, gradient: number): void;
  sigmoid(x: number, count: number, out: number): void;
  tanh(x: number, count: number, out: number): void;
  /** out += x. */
  addInto(x: number, count: number, out: number): void;
  /** In place, with a mask that is a hash of (seed, first + i); the backward pass is the same call on the gradient. */
  dropout(x: number, count: number, rate: number, seed: number, first: number): void;
  /** moments: first moments m, then second moments v; settings: see writeAdamSettings. Sparse rows: one call per row. */
  adam(parameters: number, gradients: number, moments: number, count: number, settings: number): void;
  /** out[i] = scale·table[indices[i]]. */
  gatherRows(
    table: number,
    indices: number,
    count: number,
    columns: number,
    scale: number,
    out: number,
  ): void;
  /** table[indices[i]] += scale·rows[i], in order. */
  scatterAddRows(
    rows: number,
    indices: number,
    count: number,
    columns: number,
    scale: number,
    table: number,
  ): void;
  /** Every row += bias. */
  addBias(rows: number, count: number, columns: number, bias: number): void;
  /** out += Σ rows. */
  addColumnSums(rows: number, count: number, columns: number, out: number): void;
  /** out[i] = a[i]·b[i]. */
  rowDots(a: number, b: number, count: number, columns: number, out: number): void;
  /** out[i] += scales[i]·rows[i]. */
  addScaledRows(rows: number, scales: number, count: number, columns: number, out: number): void;
  /** affine: gain, then offset. */
  layerNorm(x: number, count: number, columns: number, affine: number, out: number): void;
  /** gradient is replaced in place; affineGradient is added to. */
  layerNormBackward(
    x: number,
    count: number,
    columns: number,
    affine: number,
    gradient: number,
    affineGradient: number,
  ): void;
  /** Sequences [first, last) of a job (writeAttentionJob). Reads up to 7 rows of qkv beyond the last: allocate them. */
  attention(job: number, first: number, last: number): void;
  /** After attention of the same sequences. */
  attentionBackward(job: number, first: number, last: number): void;
  /** See network/recurrent.ts; inputs and hiddens are [count × 3·columns]; inputs ← the gates. */
  gruStep(
    inputs: number,
    hiddens: number,
    previous: number,
    out: number,
    count: number,
    columns: number,
  ): void;
  /** After gruStep, in place: gradient (of out) ← gradient of previous; inputs and hiddens ← their gradients. */
  gruStepBackward(
    inputs: number,
    hiddens: number,
    previous: number,
    gradient: number,
    count: number,
    columns: number,
  ): void;
  /** See network/lstm.ts; gates [count × 4·columns] ← i, f, g, o. */
  lstmStep(gates: number, previous: number, cell: number, out: number, count: number, columns: number): void;
  /** A job of writeLstmJob, after lstmStep: gates ← their gradient, cellGradient ← gradient of the previous cell. */
  lstmStepBackward(job: number, count: number, columns: number): void;
  /** rows ← rows / |row|, lengths ← |row|. */
  unitRows(rows: number, count: number, columns: number, lengths: number): void;
  /** gradient is replaced in place. */
  unitRowsBackward(units: number, lengths: number, count: number, columns: number, gradient: number): void;
  /** A job of writeLossJob; the gradient is multiplied by scale. */
  sampledSoftmax(job: number, rows: number, scale: number): void;
  /** A job of writeMaskedJob: logits ← gradient · scale. */
  maskedSoftmax(job: number, rows: number, scale: number): void;
  /** A job of writeMaskedJob: logits ← gradient · scale. */
  maskedSigmoid(job: number, rows: number, scale: number): void;
  /** A job of writeLossJob. */
  binaryCrossEntropy(job: number, rows: number, scale: number, beta: number): void;
}

/** Floats of scratch that matrix products need per thread. */
export const productScratchLength = 256 * 4 + 256 * 64 + 16;
