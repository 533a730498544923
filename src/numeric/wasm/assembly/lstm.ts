import { sigmoid4 } from './elements';
import { tanh4 } from './recurrent';
import { F } from './simd';

// One LSTM step (Hochreiter & Schmidhuber 1997; forget gate: Gers et al. 2000). Rows have four blocks of `columns`
// floats, a multiple of 4: input i, forget f, candidate g, output o.

/** i, f, o = σ(gates), g = tanh(gates), in place; cell = f·previous + i·g, out = o·tanh(cell). */
export function lstmStep(
  gates: usize, previous: usize, cell: usize, out: usize, count: i32, columns: i32,
): void {
  const bytes = (<usize>columns) * F;
  for (let row = 0; row < count; row++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = gates + k;
      const i = sigmoid4(v128.load(x));
      const f = sigmoid4(v128.load(x + bytes));
      const g = tanh4(v128.load(x + 2 * bytes));
      const o = sigmoid4(v128.load(x + 3 * bytes));
      v128.store(x, i);
      v128.store(x + bytes, f);
      v128.store(x + 2 * bytes, g);
      v128.store(x + 3 * bytes, o);
      const c = f32x4.add(f32x4.mul(f, v128.load(previous + k)), f32x4.mul(i, g));
      v128.store(cell + k, c);
      v128.store(out + k, f32x4.mul(o, tanh4(c)));
    }
    gates += 4 * bytes;
    previous += bytes;
    cell += bytes;
    out += bytes;
  }
}

/** d·y·(1 - y): the gradient through a sigmoid with output y. */
@inline function sigmoidBackward(d: v128, y: v128): v128 {
  return f32x4.mul(d, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
}

/**
 * `gates` (as written by lstmStep) ← gradient of the pre-activations; `cellGradient` (from later steps) ← gradient of
 * the previous cell. The words of a job are gates, previous, cell, gradient, cellGradient (src/numeric/network/jobs.ts).
 */
export function lstmStepBackward(job: usize, count: i32, columns: i32): void {
  const bytes = (<usize>columns) * F;
  const one = f32x4.splat(1);
  let gates = <usize>load<u32>(job), previous = <usize>load<u32>(job, 4), cell = <usize>load<u32>(job, 8);
  let gradient = <usize>load<u32>(job, 12), cellGradient = <usize>load<u32>(job, 16);
  for (let row = 0; row < count; row++) {
    for (let k: usize = 0; k < bytes; k += 16) {
      const x = gates + k;
      const i = v128.load(x), f = v128.load(x + bytes);
      const g = v128.load(x + 2 * bytes), o = v128.load(x + 3 * bytes);
      const t = tanh4(v128.load(cell + k));
      const d = v128.load(gradient + k);
      const slope = f32x4.add(
        v128.load(cellGradient + k),
        f32x4.mul(f32x4.mul(d, o), f32x4.sub(one, f32x4.mul(t, t))),
      );
      v128.store(x, sigmoidBackward(f32x4.mul(slope, g), i));
      v128.store(x + bytes, sigmoidBackward(f32x4.mul(slope, v128.load(previous + k)), f));
      v128.store(x + 2 * bytes, f32x4.mul(f32x4.mul(slope, i), f32x4.sub(one, f32x4.mul(g, g))));
      v128.store(x + 3 * bytes, sigmoidBackward(f32x4.mul(d, t), o));
      v128.store(cellGradient + k, f32x4.mul(slope, f));
    }
    gates += 4 * bytes;
    previous += bytes;
    cell += bytes;
    gradient += bytes;
    cellGradient += bytes;
  }
}
