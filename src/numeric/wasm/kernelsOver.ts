import type { Kernels } from './kernels';
import { kernelsBase64 } from './kernels.generated';
import { plainKernels } from './plainKernels';

const bytes = Uint8Array.from(atob(kernelsBase64), character => character.charCodeAt(0));
let compiled: WebAssembly.Module | null | undefined;

/** Returns the module, compiled once per thread; null when the engine has no SIMD or no shared memory. */
function moduleOrNull(): WebAssembly.Module | null {
  compiled ??= WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  return compiled;
}

/** Returns the kernels over a memory: WebAssembly SIMD, or the plain twins when the engine cannot run it. */
export function kernelsOver(memory: WebAssembly.Memory): Kernels {
  const module = moduleOrNull();
  if (module === null) return plainKernels(memory);
  return new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
}
