/**
 * Kernels that train small networks, over one memory. Arguments are byte addresses (the `byteOffset` of an arena's array)
 * and counts; matrices are float32, row-major, rows contiguous. Columns are a multiple of 8 (paddedColumns), counts of
 * elements a multiple of 4. What each does in full: its plain twin in src/numeric/network.
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
  /** In place, by a hash of (seed, first + i): call it again on the gradient. */
  dropout(x: number, count: number, rate: number, seed: number, first: number): void;
  /** moments: m then v; settings: see writeAdamSettings. Sparse rows: one call a touched row. */
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
  /** affine: gain then offset. */
  layerNorm(x: number, count: number, columns: number, affine: number, out: number): void;
  /** gradient in place; affineGradient added to. */
  layerNormBackward(
    x: number,
    count: number,
    columns: number,
    affine: number,
    gradient: number,
    affineGradient: number,
  ): void;
  /** Sequences [first, last) of a job (writeAttentionJob). Reads up to 7 rows of qkv past the last: leave room. */
  attention(job: number, first: number, last: number): void;
  /** After attention of the same sequences. */
  attentionBackward(job: number, first: number, last: number): void;
  /** See network/recurrent.ts: inputs and hiddens [count × 3·columns]; inputs ← the gates. */
  gruStep(
    inputs: number,
    hiddens: number,
    previous: number,
    out: number,
    count: number,
    columns: number,
  ): void;
  /** After gruStep. All but previous in place: gradient (of out) to that of previous, inputs and hiddens to theirs. */
  gruStepBackward(
    inputs: number,
    hiddens: number,
    previous: number,
    gradient: number,
    count: number,
    columns: number,
  ): void;
  /** See network/lstm.ts: gates [count × 4·columns] ← i, f, g, o. */
  lstmStep(gates: number, previous: number, cell: number, out: number, count: number, columns: number): void;
  /** A job of writeLstmJob, after lstmStep: gates ← gradient of the sums, cellGradient ← that of the cell before. */
  lstmStepBackward(job: number, count: number, columns: number): void;
  /** rows ← rows / |row|, lengths ← |row|. */
  unitRows(rows: number, count: number, columns: number, lengths: number): void;
  /** gradient in place. */
  unitRowsBackward(units: number, lengths: number, count: number, columns: number, gradient: number): void;
  /** A job of writeLossJob; scale times the gradient. */
  sampledSoftmax(job: number, rows: number, scale: number): void;
  /** A job of writeMaskedJob: logits ← gradient times scale. */
  maskedSoftmax(job: number, rows: number, scale: number): void;
  /** A job of writeMaskedJob: logits ← gradient times scale. */
  maskedSigmoid(job: number, rows: number, scale: number): void;
  /** A job of writeLossJob. */
  binaryCrossEntropy(job: number, rows: number, scale: number, beta: number): void;
}

/** Floats of scratch that a thread's products want. */
export const productScratchLength = 256 * 4 + 256 * 64 + 16;
