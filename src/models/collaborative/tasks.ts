import type { ThreadPayload, ThreadTask } from '../../numeric/threadPool';
import { kernelsOver } from '../../numeric/wasm/kernelsOver';

/** Words of `control`: the next chunk that nobody has taken, and whether to stop. */
export const controlLength = 2;
const nextChunk = 0;
const isStopped = 1;

/** Makes ready for a new run over chunks. */
export const resetControl = (control: Int32Array): number => Atomics.store(control, nextChunk, 0);
/** Lets every thread return after the chunk it is at. */
export const stopThreads = (control: Int32Array): number => Atomics.store(control, isStopped, 1);

/** Chunks of rows, taken by whichever thread is free; all addresses are in `memory`. */
export interface ChunkedPayload {
  readonly memory: WebAssembly.Memory;
  /** int32 [controlLength]. */
  readonly control: number;
  /** uint32 [chunks + 1]: chunk c is rows [bounds[c], bounds[c + 1]). */
  readonly bounds: number;
  readonly chunks: number;
  /** Scratch of this payload alone. */
  readonly scratch: number;
}

/** Gram matrix of each chunk's rows. */
export interface GramPayload extends ChunkedPayload {
  readonly factors: number;
  readonly columns: number;
  /** float32 [chunks × columns × columns], zeros. */
  readonly partials: number;
}

/** factors ← factors·Q, in some rows or all. */
export interface RotatePayload extends ChunkedPayload {
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
export interface SolvePayload extends ChunkedPayload {
  /** A job as ridgeJob.ts writes it. */
  readonly job: number;
}

/** Takes chunks until there are none. Which thread takes which changes nothing: no chunk writes where another reads. */
function takeChunks(
  payload: ChunkedPayload,
  work: (begin: number, end: number, chunk: number) => void,
): void {
  const control = new Int32Array(payload.memory.buffer, payload.control, controlLength);
  const bounds = new Uint32Array(payload.memory.buffer, payload.bounds, payload.chunks + 1);
  while (Atomics.load(control, isStopped) === 0) {
    const chunk = Atomics.add(control, nextChunk, 1);
    if (chunk >= payload.chunks) return;
    work(bounds[chunk], bounds[chunk + 1], chunk);
  }
}

function gram(payload: GramPayload): void {
  const { addGram } = kernelsOver(payload.memory);
  const { factors, columns, partials, scratch } = payload;
  takeChunks(payload, (begin, end, chunk) =>
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
  takeChunks(payload, (begin, end) => {
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
  takeChunks(payload, (begin, end) => solveRows(payload.job, payload.scratch, begin, end));
}

/** A task of payloads of one kind. Only train.ts posts to it, and it posts that kind. */
const taskOf =
  <Payload extends ChunkedPayload>(work: (payload: Payload) => void): ThreadTask =>
  (payload: ThreadPayload) =>
    work(payload as unknown as Payload);

/** What training runs on the threads of a pool. */
export const collaborativeTasks = {
  'collaborative.gram': taskOf(gram),
  'collaborative.rotate': taskOf(rotate),
  'collaborative.solve': taskOf(solve),
} as const satisfies Record<string, ThreadTask>;
