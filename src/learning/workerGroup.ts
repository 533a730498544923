import type { Csr } from '../numeric/csr';
import { pause } from '../numeric/pause';
import type { ThreadPayload, ThreadTask } from '../numeric/threadPool';
import type { Arena } from '../numeric/wasm/arena';
import { placeArray, placeCsr } from '../numeric/wasm/placeCsr';
import { checkCancelled } from './cancelled';
import type { TrainContext } from './trainContext';

/** Chunks of rows, taken by whichever thread is free; every address in a payload is one in `memory`. */
export interface ChunkedPayload {
  readonly memory: WebAssembly.Memory;
  /** int32 [controlLength]: the next chunk that no thread has taken, and whether to stop. */
  readonly control: number;
  /** Rows [firstRow, rows) are to be done. */
  readonly firstRow: number;
  readonly rows: number;
  /** Rows per chunk; the last may have fewer. */
  readonly rowsAtOnce: number;
  /** Scratch that only this payload uses. */
  readonly scratch: number;
}

/** Properties of a task's payload beside ChunkedPayload: addresses, numbers, and plain objects of them. */
export type TaskArguments = ThreadPayload;

const controlLength = 2;
const nextChunk = 0;
const isStopped = 1;

/**
 * Takes chunks of rows until none is left. The result must not depend on which thread takes which chunk: no chunk may write
 * where another reads.
 */
export function takeChunks(payload: ChunkedPayload, work: (begin: number, end: number) => void): void {
  const control = new Int32Array(payload.memory.buffer, payload.control, controlLength);
  while (Atomics.load(control, isStopped) === 0) {
    const begin = payload.firstRow + payload.rowsAtOnce * Atomics.add(control, nextChunk, 1);
    if (begin >= payload.rows) return;
    work(begin, Math.min(begin + payload.rowsAtOnce, payload.rows));
  }
}

/** A task of payloads of one kind: only the trainer that registered it posts to it, and posts that kind. */
export const taskOf =
  <Payload extends ChunkedPayload>(work: (payload: Payload) => void): ThreadTask =>
  (payload: ThreadPayload) =>
    work(payload as unknown as Payload);

/** Threads that share an arena and work through chunks of rows. */
export interface WorkerGroup {
  readonly arena: Arena;
  /**
   * Runs a task over all rows, on all threads.
   *
   * @throws {GatewayError} CANCELLED
   */
  run(task: string, rows: number, rowsAtOnce: number, rest: TaskArguments): Promise<void>;
  /** The same in slices; reports the rows done to the context after each. */
  runInSlices(task: string, rows: number, rowsAtOnce: number, rest: TaskArguments): Promise<void>;
  /** Removes the listener on the signal. Call it when training ends, also when it fails. */
  dismiss(): void;
}

/** Slices that a long run is cut into, to report its progress. */
const slices = 32;

/** Copies an array to memory that threads share. Returns its address. */
export const place = ({ arena }: Pick<WorkerGroup, 'arena'>, array: Uint32Array | Float32Array): number =>
  placeArray(arena, array);

/** Copies a sparse matrix to memory that threads share. Returns the address of the addresses of its three arrays. */
export const placeMatrix = ({ arena }: Pick<WorkerGroup, 'arena'>, matrix: Csr): number =>
  placeCsr(arena, matrix);

/** A sparse matrix where {@link placeMatrix} put it. */
export function matrixAt(
  { buffer }: WebAssembly.Memory,
  address: number,
  rows: number,
): Pick<Csr, 'indptr' | 'indices' | 'values'> {
  const [indptrAt, indicesAt, valuesAt] = new Uint32Array(buffer, address, 3);
  const indptr = new Uint32Array(buffer, indptrAt, rows + 1);
  return {
    indptr,
    indices: new Uint32Array(buffer, indicesAt, indptr[rows]),
    values: new Float32Array(buffer, valuesAt, indptr[rows]),
  };
}

/**
 * A worker group of all threads of a context. An abort stops every thread after its current chunk.
 *
 * @param scratchLength - floats of scratch per thread
 */
export function createWorkerGroup(arena: Arena, context: TrainContext, scratchLength: number): WorkerGroup {
  const control = arena.int32(controlLength);
  const scratch = Array.from({ length: context.threads.size }, () => arena.float32(scratchLength).byteOffset);
  const stop = () => Atomics.store(control, isStopped, 1);
  context.signal.addEventListener('abort', stop);
  const runRows = async (
    task: string,
    bounds: { readonly firstRow: number; readonly rows: number; readonly rowsAtOnce: number },
    rest: TaskArguments,
  ): Promise<void> => {
    Atomics.store(control, nextChunk, 0);
    const shared = { ...rest, ...bounds, memory: arena.memory, control: control.byteOffset };
    await context.threads.run(
      task,
      scratch.map(own => ({ ...shared, scratch: own })),
    );
    checkCancelled(context);
  };
  return {
    arena,
    run: (task, rows, rowsAtOnce, rest) => runRows(task, { firstRow: 0, rows, rowsAtOnce }, rest),
    async runInSlices(task, rows, rowsAtOnce, rest) {
      const size = rowsAtOnce * Math.ceil(rows / rowsAtOnce / slices);
      for (let firstRow = 0; firstRow < rows; firstRow += size) {
        const end = Math.min(firstRow + size, rows);
        await runRows(task, { firstRow, rows: end, rowsAtOnce }, rest);
        context.onProgress(end, rows);
        await pause();
      }
    },
    dismiss: () => context.signal.removeEventListener('abort', stop),
  };
}
