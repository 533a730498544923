import type { NetworkKernels } from './networkKernels';
import { networkKernelsOver } from './networkKernelsOver';

/** One instance per memory and shard: creating an instance costs more than a small batch. */
const instances = new WeakMap<WebAssembly.Memory, Map<number, NetworkKernels>>();

/**
 * Returns the kernels over a memory, instantiated once per scratch space.
 *
 * @param scratch - byte offset of the shard's own scratch of productScratchLength floats
 */
export function shardKernels(memory: WebAssembly.Memory, scratch: number): NetworkKernels {
  const ofMemory = instances.get(memory) ?? new Map<number, NetworkKernels>();
  instances.set(memory, ofMemory);
  const kernels = ofMemory.get(scratch) ?? networkKernelsOver(memory, scratch);
  ofMemory.set(scratch, kernels);
  return kernels;
}
