import type { ThreadPayload, ThreadTask } from '../../../numeric/threadPool';
import type { NetworkKernels } from '../../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../../numeric/wasm/networkKernelsOver';
import { learnPass, type Machine, measurePass, type PassJob } from './pass';

/** A pass and the memory it runs in. */
export interface PassPayload extends PassJob {
  readonly memory: WebAssembly.Memory;
}

/** One set of kernels a shard and memory: an instance costs more than a small batch. */
const instances = new WeakMap<WebAssembly.Memory, Map<number, NetworkKernels>>();

function kernelsFor(memory: WebAssembly.Memory, scratch: number): NetworkKernels {
  const ofMemory = instances.get(memory) ?? new Map<number, NetworkKernels>();
  instances.set(memory, ofMemory);
  const kernels = ofMemory.get(scratch) ?? networkKernelsOver(memory, scratch);
  ofMemory.set(scratch, kernels);
  return kernels;
}

/** The kernels of WebAssembly over the memory of a pass. */
export function machineOf({ memory, shard }: Pick<PassPayload, 'memory' | 'shard'>): Machine {
  const floats = (address: number, length: number): Float32Array =>
    new Float32Array(memory.buffer, address, length);
  return {
    kernels: kernelsFor(memory, shard.scratch),
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
