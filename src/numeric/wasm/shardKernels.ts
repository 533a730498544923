import type { NetworkKernels } from './networkKernels';
import { networkKernelsOver } from './networkKernelsOver';

/** One set of kernels a shard and memory: an instance costs more than a small batch. */
const instances = new WeakMap<WebAssembly.Memory, Map<number, NetworkKernels>>();

/** The kernels over a memory, made once for each scratch space in it. @param scratch - byte offset of the shard's own */
export function shardKernels(memory: WebAssembly.Memory, scratch: number): NetworkKernels {
  const ofMemory = instances.get(memory) ?? new Map<number, NetworkKernels>();
  instances.set(memory, ofMemory);
  const kernels = ofMemory.get(scratch) ?? networkKernelsOver(memory, scratch);
  ofMemory.set(scratch, kernels);
  return kernels;
}
