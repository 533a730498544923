import { exp4, log4, sigmoid4 } from './elements';
import { F, sumLanes } from './simd';

// Losses of one head of a multi-head network, with masked targets. A job is written by src/numeric/network/jobs.ts.
@inline function word(job: usize, at: i32): usize { return <usize>load<u32>(job + ((<usize>at) << 2)); }
const jobLogits = 0; // float32: the columns of row r start at r·stride ← their gradient
const jobStride = 1; // in floats
const jobCount = 2; // columns; padded to a multiple of 4
const jobTargets = 3; // uint32; 0xffffffff: no target
const jobWeights = 4; // float32 [count rounded up to a multiple of 4]
const jobLosses = 5; // float32, out

@inline function highestLane(v: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max<f32>(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** loss = log Σ e^s - s[target], gradient = scale·weights[target]·(p - [target]); both 0 without a target. */
export function maskedSoftmax(job: usize, rows: i32, scale: f32): void {
  const count = <i32>word(job, jobCount);
  const bytes = (<usize>((count + 3) & ~3)) * F;
  const stride = word(job, jobStride) * F;
  const low = f32x4.splat(-1e30), four = i32x4.splat(4), end = i32x4.splat(count);
  let row = word(job, jobLogits);
  for (let r = 0; r < rows; r++, row += stride) {
    const at = (<usize>r) << 2;
    const target = load<i32>(word(job, jobTargets) + at);
    if (target < 0) {
      for (let k: usize = 0; k < bytes; k += 16) v128.store(row + k, f32x4.splat(0));
      store<f32>(word(job, jobLosses) + at, 0);
      continue;
    }
    const place = row + ((<usize>target) << 2);
    const own = load<f32>(place);
    let lanes = i32x4(0, 1, 2, 3), high = low;
    for (let k: usize = 0; k < bytes; k += 16) {
      const s = v128.bitselect(v128.load(row + k), low, i32x4.lt_s(lanes, end));
      v128.store(row + k, s);
      high = f32x4.max(high, s);
      lanes = i32x4.add(lanes, four);
    }
    const top = highestLane(high), t = f32x4.splat(top), visible = f32x4.splat(-1e29);
    let sums = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const s = v128.load(row + k);
      const e = v128.and(exp4(f32x4.sub(s, t)), f32x4.gt(s, visible));
      v128.store(row + k, e);
      sums = f32x4.add(sums, e);
    }
    const total = sumLanes(sums);
    store<f32>(word(job, jobLosses) + at, f32x4.extract_lane(log4(f32x4.splat(total)), 0) + top - own);
    const factor = scale * load<f32>(word(job, jobWeights) + ((<usize>target) << 2));
    const share = f32x4.splat(factor / total);
    for (let k: usize = 0; k < bytes; k += 16) v128.store(row + k, f32x4.mul(v128.load(row + k), share));
    store<f32>(place, load<f32>(place) - factor);
  }
}

/** loss = log(1 + e^s) - target·s, gradient = scale·weights[column]·(σ(s) - target); both 0 without a target. */
export function maskedSigmoid(job: usize, rows: i32, scale: f32): void {
  const bytes = (<usize>((<i32>word(job, jobCount) + 3) & ~3)) * F;
  const stride = word(job, jobStride) * F;
  const weights = word(job, jobWeights);
  const one = f32x4.splat(1), zero = f32x4.splat(0), factor = f32x4.splat(scale);
  let row = word(job, jobLogits), targets = word(job, jobTargets), losses = word(job, jobLosses);
  for (let r = 0; r < rows; r++, row += stride) {
    for (let k: usize = 0; k < bytes; k += 16) {
      const code = v128.load(targets + k);
      const isKnown = i32x4.ge_s(code, i32x4.splat(0));
      const target = f32x4.convert_i32x4_s(code);
      const s = v128.load(row + k);
      const loss = f32x4.add(log4(f32x4.add(one, exp4(f32x4.neg(f32x4.abs(s))))), f32x4.max(s, zero));
      v128.store(losses + k, v128.and(f32x4.sub(loss, f32x4.mul(target, s)), isKnown));
      const slope = f32x4.mul(f32x4.mul(factor, v128.load(weights + k)), f32x4.sub(sigmoid4(s), target));
      v128.store(row + k, v128.and(slope, isKnown));
    }
    targets += bytes;
    losses += bytes;
  }
}
