import { exp4, log4, sigmoid4 } from './elements';
import { F, sumLanes } from './simd';

// Losses over negatives shared by all rows. The words of a job are written by src/numeric/network/jobs.ts.
@inline function word(job: usize, at: i32): usize { return <usize>load<u32>(job + ((<usize>at) << 2)); }
const jobLogits = 0; // float32 [rows][count]: scores of the negatives ← their gradient
const jobPositives = 1; // float32 [rows]: scores of the targets ← their gradient
const jobTargets = 2; // uint32 [rows]: item of each target
const jobNegatives = 3; // uint32 [count]: items of the negatives
const jobCorrections = 4; // float32 [count]: log(expected number of draws) of each negative
const jobLosses = 5; // float32 [rows]: out
const jobCount = 6; // number of negatives, a multiple of 8

/**
 * Sampled softmax with logQ correction (Bengio & Senécal 2008; Yi et al. 2019, eq. 3): loss = -log(e^s⁺ / (e^s⁺ + Σ
 * e^(s - log Q))). A negative equal to the target is skipped. With all items as negatives and corrections of 0 this is
 * the full softmax.
 */
export function sampledSoftmax(job: usize, rows: i32, scale: f32): void {
  const count = word(job, jobCount), bytes = count * F;
  const negatives = word(job, jobNegatives), corrections = word(job, jobCorrections);
  let row = word(job, jobLogits);
  const low = f32x4.splat(-1e30);
  for (let i = 0; i < rows; i++) {
    const at = (<usize>i) << 2;
    const target = v128.load_splat<u32>(word(job, jobTargets) + at);
    const own = load<f32>(word(job, jobPositives) + at);
    let high = f32x4.splat(own);
    for (let k: usize = 0; k < bytes; k += 16) {
      const isTarget = i32x4.eq(v128.load(negatives + k), target);
      const s = f32x4.sub(v128.load(row + k), v128.load(corrections + k));
      const masked = v128.bitselect(low, s, isTarget);
      v128.store(row + k, masked);
      high = f32x4.max(high, masked);
    }
    const top = max<f32>(
      max<f32>(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)),
      max<f32>(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)),
    );
    const t = f32x4.splat(top), visible = f32x4.splat(-1e29);
    let sums = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const s = v128.load(row + k);
      const e = v128.and(exp4(f32x4.sub(s, t)), f32x4.gt(s, visible));
      v128.store(row + k, e);
      sums = f32x4.add(sums, e);
    }
    const rest = sumLanes(sums);
    const mine = f32x4.extract_lane(exp4(f32x4.splat(own - top)), 0);
    const total = rest + mine;
    store<f32>(word(job, jobLosses) + at, f32x4.extract_lane(log4(f32x4.splat(total)), 0) + top - own);
    store<f32>(word(job, jobPositives) + at, -scale * rest / total);
    const share = f32x4.splat(scale / total);
    for (let k: usize = 0; k < bytes; k += 16) v128.store(row + k, f32x4.mul(v128.load(row + k), share));
    row += bytes;
  }
}

/**
 * Generalized binary cross-entropy (Petrov & Macdonald 2023, eq. 10): loss = -β·log σ(s⁺) - Σ log(1 - σ(s)), with one β
 * for all rows. A negative equal to the target is skipped; the corrections are not used.
 */
export function binaryCrossEntropy(job: usize, rows: i32, scale: f32, beta: f32): void {
  const bytes = word(job, jobCount) * F;
  const negatives = word(job, jobNegatives);
  let row = word(job, jobLogits);
  const one = f32x4.splat(1), g = f32x4.splat(scale);
  for (let i = 0; i < rows; i++) {
    const at = (<usize>i) << 2;
    const target = v128.load_splat<u32>(word(job, jobTargets) + at);
    const own = load<f32>(word(job, jobPositives) + at);
    let loss = f32x4.splat(0);
    for (let k: usize = 0; k < bytes; k += 16) {
      const isTarget = i32x4.eq(v128.load(negatives + k), target);
      const s = v128.load(row + k);
      const odds = v128.andnot(exp4(f32x4.min(s, f32x4.splat(20))), isTarget);
      loss = f32x4.add(loss, log4(f32x4.add(one, odds)));
      v128.store(row + k, v128.andnot(f32x4.mul(g, sigmoid4(s)), isTarget));
    }
    const odds = f32x4.extract_lane(exp4(f32x4.splat(-own)), 0);
    const mine = f32x4.extract_lane(log4(f32x4.splat(<f32>1 + odds)), 0);
    store<f32>(word(job, jobLosses) + at, sumLanes(loss) + beta * mine);
    store<f32>(word(job, jobPositives) + at, -scale * beta * odds / (<f32>1 + odds));
    row += bytes;
  }
}
