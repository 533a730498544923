import { F } from './simd';

/** Bytes of a panel row of sixteen columns: one cache line. */
const panelBytes: usize = 64;

/**
 * out[r] = Σₑ values[e]·x[indices[e]] for the rows [begin, end) of a sparse matrix (CSR); x and out are panels of sixteen
 * columns. `matrix` is three words, the addresses of indptr, indices and values. Sums run in the order of the entries as
 * in the plain twin, so that both return the same bits.
 */
export function multiplySparse(matrix: usize, begin: i32, end: i32, x: usize, out: usize): void {
  const indptr = <usize>load<u32>(matrix);
  const indices = <usize>load<u32>(matrix, 4);
  const values = <usize>load<u32>(matrix, 8);
  let entry = <usize>load<u32>(indptr + ((<usize>begin) << 2));
  for (let row = begin; row < end; row++) {
    const last = <usize>load<u32>(indptr + ((<usize>row) << 2), 4);
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (; entry < last; entry++) {
      const from = x + <usize>load<u32>(indices + entry * F) * panelBytes;
      const value = v128.load_splat<f32>(values + entry * F);
      a = f32x4.add(a, f32x4.mul(value, v128.load(from)));
      b = f32x4.add(b, f32x4.mul(value, v128.load(from, 16)));
      c = f32x4.add(c, f32x4.mul(value, v128.load(from, 32)));
      d = f32x4.add(d, f32x4.mul(value, v128.load(from, 48)));
    }
    const to = out + (<usize>row) * panelBytes;
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
}
