import { type AddressesOf, shardCount, shardTask } from '../../../learning/shards';
import { learningTasks } from '../../../learning/update';
import type { ChunkedPayload } from '../../../learning/workerGroup';
import type { ThreadTask } from '../../../numeric/threadPool';
import type { NetworkKernels } from '../../../numeric/wasm/networkKernels';
import { gradientPass, lossPass, type PassJob, type Runtime } from './pass';
import type { ShardWorkspace } from './workspace';

/** Properties of a payload beside ChunkedPayload. */
export interface PassArguments extends Omit<PassJob, 'shard' | 'rows' | 'times'> {
  readonly shards: readonly AddressesOf<ShardWorkspace>[];
}

/** Kernels and the memory that they are over. */
export function runtimeOf(memory: WebAssembly.Memory, kernels: NetworkKernels): Runtime {
  const floats = (address: number, length: number): Float32Array =>
    new Float32Array(memory.buffer, address, length);
  return {
    kernels,
    words: (address, length) => new Uint32Array(memory.buffer, address, length),
    copy: (from, to, length) => floats(to, length).set(floats(from, length)),
    zero: (address, length) => floats(address, length).fill(0),
  };
}

/** A task that runs a pass over each shard. */
const passTask = (run: (runtime: Runtime, job: PassJob) => void): ThreadTask =>
  shardTask<ChunkedPayload & PassArguments>((payload, index, kernels) => {
    const runtime = runtimeOf(payload.memory, kernels);
    const shard = payload.shards[index];
    const [rows, times] = runtime.words(shard.extent, 2);
    run(runtime, { ...payload, shard, rows, times, seed: (payload.seed * shardCount + index) | 0 });
  });

/** Tasks that training runs on threads. */
export const nextActionTasks = {
  'nextAction.gradients': passTask(gradientPass),
  'nextAction.losses': passTask(lossPass),
  ...learningTasks,
} as const satisfies Record<string, ThreadTask>;
