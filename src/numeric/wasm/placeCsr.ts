import type { Csr } from '../csr';
import type { Arena } from './arena';

/** Copies an array to an arena. Returns its address. */
export function placeArray(arena: Arena, array: Uint32Array | Float32Array): number {
  const copy = array instanceof Uint32Array ? arena.uint32(array.length) : arena.float32(array.length);
  copy.set(array);
  return copy.byteOffset;
}

/** Copies a sparse matrix to an arena. Returns the address of the addresses of its three arrays: see Kernels.multiplySparse. */
export const placeCsr = (arena: Arena, { indptr, indices, values }: Csr): number =>
  placeArray(
    arena,
    Uint32Array.of(placeArray(arena, indptr), placeArray(arena, indices), placeArray(arena, values)),
  );
