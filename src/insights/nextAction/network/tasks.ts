import type { ThreadPayload, ThreadTask } from '../../../numeric/threadPool';
import { shardKernels } from '../../../numeric/wasm/shardKernels';
import { learnPass, type Machine, measurePass, type PassJob } from './pass';

/** A pass and the memory it runs in. */
export interface PassPayload extends PassJob {
  readonly memory: WebAssembly.Memory;
}

/** The kernels of WebAssembly over the memory of a pass. */
export function machineOf({ memory, shard }: Pick<PassPayload, 'memory' | 'shard'>): Machine {
  const floats = (address: number, length: number): Float32Array =>
    new Float32Array(memory.buffer, address, length);
  return {
    kernels: shardKernels(memory, shard.scratch),
    words: (address, length) => new Uint32Array(memory.buffer, address, length),
    copy: (from, to, length) => floats(to, length).set(floats(from, length)),
    zero: (address, length) => floats(address, length).fill(0),
  };
}

/** A task of passes. Only train.ts posts to it. */
const taskOf =
  (run: (machine: Machine, job: PassJob) => void): ThreadTask =>
  (payload: ThreadPayload) => {
    const pass = payload as unknown as PassPayload;
    run(machineOf(pass), pass);
  };

/** What training runs on the threads of a pool. */
export const nextActionTasks = {
  'nextAction.learn': taskOf(learnPass),
  'nextAction.measure': taskOf(measurePass),
} as const satisfies Record<string, ThreadTask>;
