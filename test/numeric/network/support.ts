import type { Numbers } from '../../../src/numeric/network/numbers';
import { createRng } from '../../../src/numeric/rng';
import { type Arena, createArena } from '../../../src/numeric/wasm/arena';
import { productScratchLength } from '../../../src/numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../../src/numeric/wasm/networkKernelsOver';
import { plainNetworkKernels } from '../../../src/numeric/wasm/plainNetworkKernels';

/** An arena with the WebAssembly and the plain kernels over it. */
export function networkBench() {
  const arena = createArena();
  const scratch = arena.float32(productScratchLength);
  const simd = networkKernelsOver(arena.memory, scratch.byteOffset);
  return { arena, simd, plain: plainNetworkKernels(arena.memory) };
}

/** Gaussian numbers in an arena. */
export function drawn(arena: Arena, seed: number, length: number): Float32Array {
  const rng = createRng(seed);
  const array = arena.float32(length);
  for (let i = 0; i < length; i++) array[i] = rng.gaussian();
  return array;
}

/** Gaussian numbers in double precision. */
export function drawnDoubles(seed: number, length: number): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length }, () => rng.gaussian());
}

/** A copy in the same arena. */
export function copied(arena: Arena, from: Float32Array): Float32Array {
  const copy = arena.float32(from.length);
  copy.set(from);
  return copy;
}

/** Largest difference, in units of the largest number (at least 1). */
export function differenceOf(found: Numbers, expected: Numbers): number {
  let [worst, largest] = [0, 1];
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(
      worst,
      Number.isNaN(found[i]) ? Number.POSITIVE_INFINITY : Math.abs(found[i] - expected[i]),
    );
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return worst / largest;
}

/** Central differences of f with respect to each element of x, in double precision: O(h²), about 1e-9 at h = 1e-5. */
export function slopesOf(x: Float64Array, f: () => number): Float64Array {
  const h = 1e-5;
  return x.map((value, place) => {
    x[place] = value + h;
    const above = f();
    x[place] = value - h;
    const below = f();
    x[place] = value;
    return (above - below) / (2 * h);
  });
}
