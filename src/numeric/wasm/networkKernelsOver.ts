import { networkBase64 } from './network.generated';
import type { NetworkKernels } from './networkKernels';
import { plainNetworkKernels } from './plainNetworkKernels';

const bytes = Uint8Array.from(atob(networkBase64), character => character.charCodeAt(0));
let compiled: WebAssembly.Module | null | undefined;

/** Returns the module, compiled once per thread; null when the engine has no SIMD or no shared memory. */
function moduleOrNull(): WebAssembly.Module | null {
  compiled ??= WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  return compiled;
}

/**
 * Returns the network kernels over a memory: WebAssembly SIMD, or the plain twins when the engine cannot run it.
 *
 * @param scratch - address of productScratchLength floats that only the calling thread uses
 */
export function networkKernelsOver(memory: WebAssembly.Memory, scratch: number): NetworkKernels {
  const module = moduleOrNull();
  if (module === null) return plainNetworkKernels(memory);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = exports as NetworkKernels & { setScratch(address: number): void };
  kernels.setScratch(scratch);
  return kernels;
}
