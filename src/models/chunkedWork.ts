import type { ThreadPayload, ThreadTask } from '../numeric/threadPool';
import type { Arena } from '../numeric/wasm/arena';
import { checkCancelled } from './guards';
import type { TrainContext } from './model';

/** Chunks of rows, taken by whichever thread is free; every address in a payload is one in `memory`. */
export interface ChunkedPayload {
  readonly memory: WebAssembly.Memory;
  /** int32 [controlLength]: the next chunk that nobody has taken, and whether to stop. */
  readonly control: number;
  readonly rows: number;
  /** Rows of a chunk; the last may have fewer. */
  readonly rowsAtOnce: number;
  /** Scratch of this payload alone. */
  readonly scratch: number;
}

const controlLength = 2;
const nextChunk = 0;
const isStopped = 1;

/**
 * Takes chunks of rows until there are none. Which thread takes which must change nothing: no chunk may write where
 * another reads.
 */
export function takeChunks(payload: ChunkedPayload, work: (begin: number, end: number) => void): void {
  const control = new Int32Array(payload.memory.buffer, payload.control, controlLength);
  while (Atomics.load(control, isStopped) === 0) {
    const begin = payload.rowsAtOnce * Atomics.add(control, nextChunk, 1);
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
export interface Crew {
  readonly arena: Arena;
  /**
   * Runs a task over all rows, on all threads.
   *
   * @param rest - addresses and numbers the task's payload has beside those of ChunkedPayload
   * @throws {GatewayError} CANCELLED
   */
  run(task: string, rows: number, rowsAtOnce: number, rest: Readonly<Record<string, number>>): Promise<void>;
  /** Lets go of the signal; call it when training ends, however it ends. */
  dismiss(): void;
}

/**
 * Gathers a crew. An abort stops every thread after the chunk it is at.
 *
 * @param scratchLength - floats of scratch that each thread needs
 */
export function gatherCrew(arena: Arena, context: TrainContext, scratchLength: number): Crew {
  const control = arena.int32(controlLength);
  const scratch = Array.from({ length: context.threads.size }, () => arena.float32(scratchLength).byteOffset);
  const stop = () => Atomics.store(control, isStopped, 1);
  context.signal.addEventListener('abort', stop);
  return {
    arena,
    async run(task, rows, rowsAtOnce, rest) {
      Atomics.store(control, nextChunk, 0);
      const shared = { ...rest, memory: arena.memory, control: control.byteOffset, rows, rowsAtOnce };
      await context.threads.run(
        task,
        scratch.map(own => ({ ...shared, scratch: own })),
      );
      checkCancelled(context);
    },
    dismiss: () => context.signal.removeEventListener('abort', stop),
  };
}
