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

/** factors ← factors·Q, for all rows or some. */
interface RotatePayload extends BoundedPayload {
  readonly factors: number;
  readonly columns: number;
  /** float32 [columns × columns]: Qᵀ. */
  readonly transposedRotation: number;
  /** uint32 [rows + 1]: pairs of row r are [indptr[r], indptr[r + 1]). */
  readonly indptr: number;
  /** Only rows with at least this many pairs are rotated; 0: all. */
  readonly from: number;
}

/** Ridge regression of each row. */
interface SolvePayload extends BoundedPayload {
  /** A job in the format of ridgeJob.ts. */
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
  const { factors, columns, transposedRotation, scratch, from } = payload;
  const rotateRange = (begin: number, end: number): void =>
    rotateRows(factors + 4 * begin * columns, end - begin, columns, transposedRotation, scratch);
  takeBounded(payload, (begin, end) => {
    const offsets = new Uint32Array(payload.memory.buffer, payload.indptr, end + 1);
    const isRotated = (row: number): boolean => offsets[row + 1] - offsets[row] >= from;
    for (let row = begin; row < end; row++) {
      if (!isRotated(row)) continue;
      const first = row;
      while (row + 1 < end && isRotated(row + 1)) row++;
      rotateRange(first, row + 1);
    }
  });
}

function solve(payload: SolvePayload): void {
  const { solveRows } = kernelsOver(payload.memory);
  takeBounded(payload, (begin, end) => solveRows(payload.job, payload.scratch, begin, end));
}

/** Tasks that training runs on the threads of a pool. */
export const collaborativeTasks = {
  'collaborative.gram': taskOf(gram),
  'collaborative.rotate': taskOf(rotate),
  'collaborative.solve': taskOf(solve),
} as const satisfies Record<string, ThreadTask>;
