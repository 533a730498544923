import { type ChunkedPayload, takeChunks, taskOf } from '../../learning/workerGroup';
import type { ThreadTask } from '../../numeric/threadPool';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';

/** Chunks of unequal numbers of rows; all addresses are in `memory`. */
interface BoundedPayload extends ChunkedPayload {
  /** uint32 [chunks + 1]: chunk c is rows [bounds[c], bounds[c + 1]). */
  readonly bounds: number;
}

/** Gram matrix of each chunk's rows. */
interface GramPayload extends BoundedPayload {
  readonly factors: number;
  readonly columns: number;
  /** float32 [chunks × columns × columns], zeros. */
  readonly partials: number;
}

/** factors ← factors·Q, in some rows or all. */
interface RotatePayload extends BoundedPayload {
  readonly factors: number;
  readonly columns: number;
  /** float32 [columns × columns]: Qᵀ. */
  readonly turned: number;
  /** uint32 [rows + 1]: pairs of row r are [indptr[r], indptr[r + 1]). */
  readonly indptr: number;
  /** Only rows with so many pairs or more are turned; 0: all. */
  readonly from: number;
}

/** Ridge regression of each row. */
interface SolvePayload extends BoundedPayload {
  /** A job as ridgeJob.ts writes it. */
  readonly job: number;
}

/** Takes chunks and calls `work` with the rows of each. */
function takeBounded(
  payload: BoundedPayload,
  work: (begin: number, end: number, chunk: number) => void,
): void {
  const bounds = new Uint32Array(payload.memory.buffer, payload.bounds, payload.rows + 1);
  takeChunks(payload, chunk => work(bounds[chunk], bounds[chunk + 1], chunk));
}

function gram(payload: GramPayload): void {
  const { addGram } = kernelsOver(payload.memory);
  const { factors, columns, partials, scratch } = payload;
  takeBounded(payload, (begin, end, chunk) =>
    addGram(
      factors + 4 * begin * columns,
      end - begin,
      columns,
      partials + 4 * chunk * columns ** 2,
      scratch,
    ),
  );
}

function rotate(payload: RotatePayload): void {
  const { rotateRows } = kernelsOver(payload.memory);
  const { factors, columns, turned, scratch, from } = payload;
  const turn = (begin: number, end: number): void =>
    rotateRows(factors + 4 * begin * columns, end - begin, columns, turned, scratch);
  takeBounded(payload, (begin, end) => {
    const offsets = new Uint32Array(payload.memory.buffer, payload.indptr, end + 1);
    const isTransposed = (row: number): boolean => offsets[row + 1] - offsets[row] >= from;
    for (let row = begin; row < end; row++) {
      if (!isTransposed(row)) continue;
      const first = row;
      while (row + 1 < end && isTransposed(row + 1)) row++;
      turn(first, row + 1);
    }
  });
}

function solve(payload: SolvePayload): void {
  const { solveRows } = kernelsOver(payload.memory);
  takeBounded(payload, (begin, end) => solveRows(payload.job, payload.scratch, begin, end));
}

/** What training runs on the threads of a pool. */
export const collaborativeTasks = {
  'collaborative.gram': taskOf(gram),
  'collaborative.rotate': taskOf(rotate),
  'collaborative.solve': taskOf(solve),
} as const satisfies Record<string, ThreadTask>;
