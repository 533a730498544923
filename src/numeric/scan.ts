// Exact top-k maximum inner product search with a quarter of the memory traffic. Rows are also stored quantized to one
// byte per number. A scan of the quantized rows (scanRows.ts) finds the few candidates that can be among the best given
// the quantization error, and only these are scored in float32. The result equals that of scoring every row, bit for bit.
//
// Let x be a row and y a query. Columns are standardized first, x' = (x − μ)/c with μ, c the mean and standard deviation
// of each column, so that one scale per row serves columns of any magnitude. With z = c∘y, x·y = μ·y + x'·z, where μ·y
// is the same for all rows. With codes q of x' and p of z, x' = s·q + e and z = t·p + f:
//
//   |x'·z − s·t·(q·p)| ≤ |e|·|z| + |s·q|·|f|           (Cauchy & Schwarz)
//
// |e| is stored per row; |f| is small, as queries have 16 bits. The float32 rounding error of the score itself is at most
// columns·2⁻²⁴·|x|·|y| (Higham 2002, §3.1); twice that is allowed for here. A row whose estimate plus error lies below
// the k-th highest of all estimates minus their errors cannot be among the k best.

import { laneDot, scoreRowsInto } from './scoreRows';
import { topKInto } from './topK';
import { type Arena, createArena } from './wasm/arena';
import type { Kernels } from './wasm/kernels';
import { kernelsOver } from './wasm/kernelsOver';
import { scanJobLength, writeScanJob } from './wasm/scanJob';

/** Exact top-k search over one matrix. Not reentrant: one thread at a time. */
export interface Scan {
  /**
   * Writes the highest scores row·query, best first, ties to the lower row: the result of scoreRowsInto and topKInto,
   * bit for bit.
   *
   * @param query - [columns]
   * @param best - out: rows; k is its length
   * @param scores - out: their scores; same length
   * @param allowed - one per row; rows with 0 are skipped
   * @returns how many were found
   * @throws {RangeError} when the query has another length
   */
  topInto(query: Float32Array, best: Uint32Array, scores: Float32Array, allowed?: Uint8Array): number;
}

/** Rows scanned before the first threshold is known; then as many as were scanned so far, up to largestBlock. */
const firstBlock = 512;
const largestBlock = 16_384;
const highestCode = 127;
const highestQueryCode = 32_767;
const most31Bits = 2_147_483_647;
/** Within these bounds float32 rounding errors are relative: nothing overflows or becomes subnormal. */
const smallest = 1e-30;
const largest = 1e37;

/** Mean and standard deviation of each column. */
interface ColumnScales {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** A quantized matrix and the numbers that its error bounds need. All in the arena of the kernel. */
interface Coded extends ColumnScales {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  /** |e| of each row, rounded up; NaN in the padding after the last row. */
  readonly errors: Float32Array;
  /** Largest norm |x'| of all rows, and largest norm |x|. */
  readonly longestScaled: number;
  readonly longest: number;
}

/** The kernel, its job and its output arrays. */
interface Workspace {
  readonly kernels: Kernels;
  readonly job: Uint32Array;
  readonly query: Int16Array;
  readonly found: Uint32Array;
  readonly estimates: Float32Array;
}

/** Rows that may be among the k best. */
interface Candidates {
  length: number;
  rows: Uint32Array;
  estimates: Float32Array;
  /** Lower bounds: estimates minus their errors. */
  lows: Float32Array;
}

/** Rows processed between two pauses. */
const rowsPerPause = 4096;

/** Runs work on blocks of rows, with a pause after each block. */
async function forEachBlock(
  count: number,
  pause: () => Promise<void>,
  work: (begin: number, end: number) => void,
): Promise<void> {
  for (let begin = 0; begin < count; begin += rowsPerPause) {
    work(begin, Math.min(begin + rowsPerPause, count));
    await pause();
  }
}

async function columnScalesOf(
  rows: Float32Array,
  columns: number,
  pause: () => Promise<void>,
): Promise<ColumnScales> {
  const count = rows.length / columns;
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  await forEachBlock(count, pause, (begin, end) => {
    for (let at = begin * columns; at < end * columns; at += columns) {
      for (let k = 0; k < columns; k++) means[k] += rows[at + k];
    }
  });
  for (let k = 0; k < columns; k++) means[k] /= Math.max(count, 1);
  await forEachBlock(count, pause, (begin, end) => {
    for (let at = begin * columns; at < end * columns; at += columns) {
      for (let k = 0; k < columns; k++) squares[k] += (rows[at + k] - means[k]) ** 2;
    }
  });
  return { means, deviations: squares.map(square => Math.sqrt(square / Math.max(count, 1))) };
}

const lengthOf = (vector: Float32Array | Float64Array): number => {
  let square = 0;
  for (let k = 0; k < vector.length; k++) square += vector[k] * vector[k];
  return Math.sqrt(square);
};

/** An upper bound of the length, as float32. */
const roundedUp = (length: number): number => Math.fround(length * (1 + 1e-6));

/** Writes the codes of one scaled row. @returns its scale, and the norm of its quantization error */
function encodeRow(
  scaled: Float64Array,
  codes: Int8Array,
): { readonly scale: number; readonly error: number } {
  let highest = 0;
  for (let k = 0; k < scaled.length; k++) highest = Math.max(highest, Math.abs(scaled[k]));
  const scale = Math.fround(highest / highestCode);
  if (scale === 0) return { scale, error: lengthOf(scaled) };
  let square = 0;
  for (let k = 0; k < scaled.length; k++) {
    const code = Math.max(-highestCode, Math.min(highestCode, Math.round(scaled[k] / scale)));
    codes[k] = code;
    square += (scaled[k] - scale * code) ** 2;
  }
  return { scale, error: Math.sqrt(square) };
}

/** @throws {RangeError} when a number is not finite */
async function encode(
  arena: Arena,
  rows: Float32Array,
  columns: number,
  pause: () => Promise<void>,
): Promise<Coded> {
  const count = rows.length / columns;
  const padded = Math.ceil(count / 4) * 4;
  const width = Math.ceil(columns / 8) * 8;
  const { means, deviations } = await columnScalesOf(rows, columns, pause);
  // A deviation is finite only when every value of its column is.
  if (!deviations.every(Number.isFinite)) {
    throw new RangeError('Expected finite numbers; got NaN or an infinity among the rows.');
  }
  const words = arena.uint32((padded * width) / 4);
  const codes = new Int8Array(words.buffer, words.byteOffset, padded * width);
  const scales = arena.float32(padded);
  const errors = arena.float32(padded).fill(Number.NaN);
  const scaled = new Float64Array(columns);
  let [longestScaled, longest] = [0, 0];
  await forEachBlock(count, pause, (begin, end) => {
    for (let row = begin; row < end; row++) {
      const own = rows.subarray(row * columns, (row + 1) * columns);
      for (let k = 0; k < columns; k++)
        scaled[k] = deviations[k] > 0 ? (own[k] - means[k]) / deviations[k] : 0;
      const { scale, error } = encodeRow(scaled, codes.subarray(row * width, (row + 1) * width));
      scales[row] = scale;
      errors[row] = roundedUp(error);
      longestScaled = Math.max(longestScaled, lengthOf(scaled) + 2 * errors[row]);
      longest = Math.max(longest, lengthOf(own));
    }
  });
  return { means, deviations, codes, scales, errors, longestScaled, longest };
}

function createWorkspace(arena: Arena, coded: Coded, columns: number): Workspace {
  const width = Math.ceil(columns / 8) * 8;
  const words = arena.uint32(width / 2);
  const workspace = {
    kernels: kernelsOver(arena.memory),
    job: arena.uint32(scanJobLength),
    query: new Int16Array(words.buffer, words.byteOffset, width),
    found: arena.uint32(largestBlock),
    estimates: arena.float32(largestBlock),
  };
  writeScanJob({ ...coded, ...workspace }, workspace.job);
  return workspace;
}

/** The unit of the estimates (as multiples of |z|), and the error of any estimate in addition to that of its row. */
interface Reach {
  readonly unit: number;
  readonly slack: number;
}

/** Writes the query's codes. Returns null where the bounds do not hold or all rows have equal scores. */
function encodeQuery(coded: Coded, workspace: Workspace, query: Float32Array): Reach | null {
  const columns = query.length;
  const z = coded.deviations.map((deviation, k) => deviation * query[k]);
  const length = lengthOf(z);
  const size = coded.longest * lengthOf(query);
  if (!(length > 0 && size > smallest && size < largest)) return null;
  let highest = 0;
  for (const value of z) highest = Math.max(highest, Math.abs(value));
  const codes = Math.min(
    highestQueryCode,
    Math.floor(most31Bits / ((highestCode + 1) * workspace.query.length)),
  );
  const unit = highest / codes;
  let square = 0;
  for (let k = 0; k < columns; k++) {
    workspace.query[k] = Math.round(z[k] / unit);
    square += (z[k] - unit * workspace.query[k]) ** 2;
  }
  const rounded = (coded.longestScaled * Math.sqrt(square)) / length;
  const estimated = coded.longestScaled * 2 ** -20;
  const scored = (2 * (columns + 8) * 2 ** -24 * size) / length;
  return { unit: Math.fround(unit / length), slack: 1.01 * (rounded + estimated + scored) };
}

function grow(candidates: Candidates, length: number): void {
  if (length <= candidates.rows.length) return;
  const capacity = 2 * length;
  for (const name of ['rows', 'estimates', 'lows'] as const) {
    const grown = name === 'rows' ? new Uint32Array(capacity) : new Float32Array(capacity);
    grown.set(candidates[name]);
    Object.assign(candidates, { [name]: grown });
  }
}

/** Adds the allowed rows among those that the kernel found. */
function addFound(
  candidates: Candidates,
  { found, estimates }: Workspace,
  count: number,
  { errors }: Coded,
  allowed: Uint8Array | undefined,
): void {
  grow(candidates, candidates.length + count);
  for (let index = 0; index < count; index++) {
    const row = found[index];
    if (allowed !== undefined && allowed[row] === 0) continue;
    const to = candidates.length++;
    candidates.rows[to] = row;
    candidates.estimates[to] = estimates[index];
    candidates.lows[to] = estimates[index] - errors[row];
  }
}

/** Removes candidates that cannot reach the threshold any more; rows stay in order. */
function prune(candidates: Candidates, { errors }: Coded, threshold: number): void {
  const { rows, estimates, lows } = candidates;
  let end = 0;
  for (let index = 0; index < candidates.length; index++) {
    if (estimates[index] + errors[rows[index]] < threshold) continue;
    rows[end] = rows[index];
    estimates[end] = estimates[index];
    lows[end++] = lows[index];
  }
  candidates.length = end;
}

/** A matrix, its quantized form, and the memory of a search. */
interface Search {
  /** [count × columns] */
  readonly rows: Float32Array;
  readonly columns: number;
  readonly count: number;
  readonly coded: Coded;
  readonly workspace: Workspace;
  readonly candidates: Candidates;
}

/** Scores every row in float32, for queries to which the error bounds do not apply. */
function scoreAll(
  { rows, columns, count }: Search,
  query: Float32Array,
  best: Uint32Array,
  scores: Float32Array,
  allowed?: Uint8Array,
): number {
  const all = new Float32Array(count);
  scoreRowsInto(query, rows, columns, all);
  return topKInto(all, best, scores, allowed);
}

/** Collects every row that may be among the k best in `candidates`, ascending. */
function gather(
  { coded, workspace, candidates }: Search,
  { unit, slack }: Reach,
  best: Uint32Array,
  scores: Float32Array,
  allowed?: Uint8Array,
): void {
  candidates.length = 0;
  let threshold = Number.NEGATIVE_INFINITY;
  for (let begin = 0; begin < coded.errors.length; ) {
    const left = coded.errors.length - begin;
    const size = Math.min(left, Math.max(firstBlock, Math.min(begin, largestBlock)));
    const single = Math.fround(threshold);
    const found = workspace.kernels.scanRows(workspace.job.byteOffset, begin, size, unit, single);
    addFound(candidates, workspace, found, coded, allowed);
    begin += size;
    const kept = topKInto(candidates.lows.subarray(0, candidates.length), best, scores);
    if (kept < best.length) continue;
    threshold = scores[kept - 1] - 2 * slack;
    prune(candidates, coded, threshold);
  }
}

function topInto(
  search: Search,
  query: Float32Array,
  best: Uint32Array,
  scores: Float32Array,
  allowed?: Uint8Array,
): number {
  const { rows, columns, count, coded, workspace, candidates } = search;
  if (query.length !== columns) throw new RangeError(`Expected ${columns} columns; got ${query.length}.`);
  if (best.length === 0 || count === 0) return 0;
  const reach = encodeQuery(coded, workspace, query);
  if (reach === null) return scoreAll(search, query, best, scores, allowed);
  gather(search, reach, best, scores, allowed);
  const { length, rows: found, lows } = candidates;
  for (let index = 0; index < length; index++) {
    const from = found[index] * columns;
    lows[index] = laneDot(query, rows.subarray(from, from + columns), columns);
  }
  const kept = topKInto(lows.subarray(0, length), best, scores);
  for (let place = 0; place < kept; place++) best[place] = found[best[place]];
  return kept;
}

/**
 * Quantizes a matrix and returns a search over it.
 *
 * @param rows - [rows × columns], finite; referenced, not copied: it must not change
 * @param columns - a multiple of 4, at least 4
 * @param pause - awaited every few thousand rows, so that other work can run meanwhile
 * @throws {RangeError} when a number is not finite or the lengths do not fit
 */
export async function createScan(
  rows: Float32Array,
  columns: number,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Scan> {
  if (columns < 4 || columns % 4 !== 0 || rows.length % columns !== 0) {
    throw new RangeError(
      `Expected whole rows of a multiple of 4 columns; got ${rows.length} numbers and ${columns} columns.`,
    );
  }
  const arena = createArena();
  const coded = await encode(arena, rows, columns, pause);
  const search: Search = {
    rows,
    columns,
    count: rows.length / columns,
    coded,
    workspace: createWorkspace(arena, coded, columns),
    candidates: {
      length: 0,
      rows: new Uint32Array(firstBlock),
      estimates: new Float32Array(firstBlock),
      lows: new Float32Array(firstBlock),
    },
  };
  return {
    topInto: (query, best, scores, allowed) => topInto(search, query, best, scores, allowed),
  };
}
