import { sigmoid4 } from './elements';
import { F, sumLanes } from './simd';

// One GRU step (Cho et al. 2014, the variant that resets after the matrix product). Rows have three blocks of `columns`
// floats, a multiple of 4: update z, reset r, candidate n.

@inline export function tanh4(x: v128): v128 {
  const two = f32x4.splat(2);
  return f32x4.sub(f32x4.mul(two, sigmoid4(f32x4.mul(two, x))), f32x4.splat(1));
}

/**
 * z = σ(x_z + h_z), r = σ(x_r + h_r), n = tanh(x_n + r·h_n), out = (1 - z)·n + z·previous. `inputs` ← z, r, n in place;
 * gruStepBackward needs them and the unchanged `hiddens`.
 */
export function gruStep(
  inputs: usize, hiddens: usize, previous: usize, out: usize, count: i32, columns: i32,
): void {
  const bytes = (<usize>columns) * F;
  for (let i = 0; i < count; i++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = inputs + k, h = hiddens + k;
      const z = sigmoid4(f32x4.add(v128.load(x), v128.load(h)));
      const r = sigmoid4(f32x4.add(v128.load(x + bytes), v128.load(h + bytes)));
      const n = tanh4(f32x4.add(v128.load(x + 2 * bytes), f32x4.mul(r, v128.load(h + 2 * bytes))));
      v128.store(x, z);
      v128.store(x + bytes, r);
      v128.store(x + 2 * bytes, n);
      v128.store(out + k, f32x4.add(n, f32x4.mul(z, f32x4.sub(v128.load(previous + k), n))));
    }
    inputs += 3 * bytes;
    hiddens += 3 * bytes;
    previous += bytes;
    out += bytes;
  }
}

/**
 * Gradients of a step, all in place: `gradient` (of out) ← the direct gradient of previous; `inputs` (as written by
 * gruStep) and `hiddens` ← their gradients.
 */
export function gruStepBackward(
  inputs: usize, hiddens: usize, previous: usize, gradient: usize, count: i32, columns: i32,
): void {
  const bytes = (<usize>columns) * F;
  const one = f32x4.splat(1);
  for (let i = 0; i < count; i++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = inputs + k, h = hiddens + k;
      const z = v128.load(x), r = v128.load(x + bytes), n = v128.load(x + 2 * bytes);
      const slope = v128.load(gradient + k);
      const dn = f32x4.mul(f32x4.mul(slope, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(n, n)));
      const dz = f32x4.mul(
        f32x4.mul(slope, f32x4.sub(v128.load(previous + k), n)),
        f32x4.mul(z, f32x4.sub(one, z)),
      );
      const dr = f32x4.mul(f32x4.mul(dn, v128.load(h + 2 * bytes)), f32x4.mul(r, f32x4.sub(one, r)));
      v128.store(x, dz);
      v128.store(x + bytes, dr);
      v128.store(x + 2 * bytes, dn);
      v128.store(h, dz);
      v128.store(h + bytes, dr);
      v128.store(h + 2 * bytes, f32x4.mul(dn, r));
      v128.store(gradient + k, f32x4.mul(slope, z));
    }
    inputs += 3 * bytes;
    hiddens += 3 * bytes;
    previous += bytes;
    gradient += bytes;
  }
}

/** Rows ← rows / |row| in place; lengths ← |row|, at least 1e-6. */
export function unitRows(rows: usize, count: i32, columns: i32, lengths: usize): void {
  const bytes = (<usize>columns) * F;
  for (let i = 0; i < count; i++) {
    let sum = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = v128.load(rows + k);
      sum = f32x4.add(sum, f32x4.mul(x, x));
    }
    const length = max<f32>(sqrt<f32>(sumLanes(sum)), 1e-6);
    const inverse = f32x4.splat(<f32>1 / length);
    for (let k: usize = 0; k < bytes; k += 16) v128.store(rows + k, f32x4.mul(v128.load(rows + k), inverse));
    store<f32>(lengths, length);
    rows += bytes;
    lengths += F;
  }
}

/** `gradient` (of the unit rows) ← gradient of the original rows, in place: (g - (g·u)·u) / length. */
export function unitRowsBackward(
  units: usize, lengths: usize, count: i32, columns: i32, gradient: usize,
): void {
  const bytes = (<usize>columns) * F;
  for (let i = 0; i < count; i++) {
    let sum = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(units + k), v128.load(gradient + k)));
    }
    const along = f32x4.splat(sumLanes(sum));
    const inverse = f32x4.splat(<f32>1 / load<f32>(lengths));
    for (let k: usize = 0; k < bytes; k += 16) {
      const across = f32x4.sub(v128.load(gradient + k), f32x4.mul(along, v128.load(units + k)));
      v128.store(gradient + k, f32x4.mul(across, inverse));
    }
    units += bytes;
    gradient += bytes;
    lengths += F;
  }
}
