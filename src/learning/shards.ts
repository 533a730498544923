import type { ThreadTask } from '../numeric/threadPool';
import type { NetworkKernels } from '../numeric/wasm/networkKernels';
import { shardKernels } from '../numeric/wasm/shardKernels';
import { type ChunkedPayload, takeChunks, taskOf } from './workerGroup';

/**
 * Parts that every batch is cut into, on any number of threads: gradients are summed in the order of shards, so that the
 * same data and seed give the same bytes. Four is the most that a recurrent network can use: its shards must hold enough
 * sequences for a product of matrices at each time step.
 */
export const shardCount = 4;

/** Byte addresses of the typed arrays of an object, by their names. */
export type AddressesOf<Arrays> = {
  readonly [Name in keyof Arrays as Arrays[Name] extends Float32Array | Uint32Array ? Name : never]: number;
};

/** Byte addresses of the typed arrays of an object; its other properties are left out. Numbers can be posted to threads. */
export const addressesOf = <Arrays extends object>(arrays: Arrays): AddressesOf<Arrays> =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) =>
      ArrayBuffer.isView(array) ? [[name, array.byteOffset]] : [],
    ),
  ) as AddressesOf<Arrays>;

/**
 * A task whose chunks are single shards: post it by `workers.run(name, shards, 1, payload)`. The scratch of the worker
 * group must begin with productScratchLength floats.
 */
export const shardTask = <Payload extends ChunkedPayload>(
  work: (payload: Payload, shard: number, kernels: NetworkKernels) => void,
): ThreadTask =>
  taskOf<Payload>(payload => {
    const kernels = shardKernels(payload.memory, payload.scratch);
    takeChunks(payload, shard => work(payload, shard, kernels));
  });
