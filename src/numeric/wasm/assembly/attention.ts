import { exp4 } from './elements';
import { productOf } from './products';
import { F, sumLanes } from './simd';

// Multi-head attention (Vaswani et al. 2017, eq. 1) of packed sequences: the rows of all sequences are concatenated
// without padding and separated by offsets. The words of a job are written by src/numeric/network/jobs.ts.
@inline function word(job: usize, at: i32): usize { return <usize>load<u32>(job + ((<usize>at) << 2)); }
const jobQkv = 0; // float32 [rows][3·width]: queries, keys, values; heads side by side in each
const jobOut = 1; // float32 [rows][width]
const jobProbabilities = 2; // float32, per sequence and head [length][length rounded up to a multiple of 8]
const jobOffsets = 3; // uint32 [sequences + 1]
const jobBias = 4; // float32 [heads][span + 8]: entry span - 1 - distance is added to the score; 0: no bias
const jobSpan = 5; // maximum sequence length
const jobHeads = 6;
const jobWidth = 7; // heads × a multiple of 8
const jobCausal = 8; // 1: a row attends to itself and earlier rows; 0: to its whole sequence
const jobGradient = 9; // float32 [rows][width]: gradient of out
const jobQkvGradient = 10; // float32 [rows][3·width], overwritten
const jobBiasGradient = 11; // float32, shape of bias, added to
const jobScores = 12; // float32 [span][span rounded up to a multiple of 8], scratch

/** Rows processed together: their keys are packed once. */
const rowBlock: i32 = 48;

/** Softmax of one row in place: scores → probabilities; columns from `seen` on → 0. */
@inline function softmaxRow(row: usize, seen: i32, stride: usize, scale: f32, bias: usize): void {
  const bytes = (<usize>seen) * F;
  const whole = (<usize>(seen & ~3)) * F;
  const s = f32x4.splat(scale);
  for (let k = bytes; k < stride; k += F) store<f32>(row + k, -1e30);
  let high = f32x4.splat(-1e30);
  let k: usize = 0;
  for (; k < whole; k += 16) {
    let v = f32x4.mul(v128.load(row + k), s);
    if (bias) v = f32x4.add(v, v128.load(bias + k));
    v128.store(row + k, v);
    high = f32x4.max(high, v);
  }
  for (; k < bytes; k += F) {
    let v = load<f32>(row + k) * scale;
    if (bias) v += load<f32>(bias + k);
    store<f32>(row + k, v);
    high = f32x4.max(high, f32x4.splat(v));
  }
  const top = f32x4.splat(max<f32>(
    max<f32>(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)),
    max<f32>(f32x4.extract_lane(high, 2), f32x4.extract_lane(high, 3)),
  ));
  const visible = (bytes + 15) & ~15;
  let sum = f32x4.splat(0);
  for (k = 0; k < visible; k += 16) {
    const v = v128.load(row + k);
    // Masked entries must be exactly 0, which exp4 never returns.
    const e = v128.and(exp4(f32x4.sub(v, top)), f32x4.gt(v, f32x4.splat(-1e29)));
    v128.store(row + k, e);
    sum = f32x4.add(sum, e);
  }
  const inverse = f32x4.splat(<f32>1 / sumLanes(sum));
  for (k = 0; k < visible; k += 16) v128.store(row + k, f32x4.mul(v128.load(row + k), inverse));
  for (; k < stride; k += 16) v128.store(row + k, f32x4.splat(0));
}

/** Attention of sequences [first, last). Up to 7 rows beyond a sequence are read but not used: allocate 8 extra rows. */
export function attention(job: usize, first: i32, last: i32): void {
  const offsets = word(job, jobOffsets);
  const heads = <i32>word(job, jobHeads), span = word(job, jobSpan);
  const width: usize = word(job, jobWidth);
  const size = <i32>width / heads;
  const strideOut = width * F, strideQkv: usize = 3 * strideOut;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  const causal = word(job, jobCausal) != 0;
  let p = word(job, jobProbabilities);
  for (let s = first; s < last; s++) {
    const begin = <usize>load<u32>(offsets + ((<usize>s) << 2));
    const n = <i32>(<usize>load<u32>(offsets + ((<usize>s) << 2), 4) - begin);
    const stride = (<usize>((n + 7) & ~7)) * F;
    for (let head = 0; head < heads; head++) {
      const q = word(job, jobQkv) + begin * strideQkv + (<usize>(head * size)) * F;
      const k = q + width * F, v = k + width * F;
      const out = word(job, jobOut) + begin * strideOut + (<usize>(head * size)) * F;
      const table = word(job, jobBias);
      const bias = table ? table + (<usize>head) * (span + 8) * F : 0;
      for (let i0 = 0; i0 < n; i0 += rowBlock) {
        const rows = min(rowBlock, n - i0);
        const keys = causal ? i0 + rows : n;
        const own = p + (<usize>i0) * stride;
        productOf(
          q + (<usize>i0) * strideQkv, strideQkv, 0, k, strideQkv, 1, own, stride, rows, (keys + 7) & ~7, size, 0,
        );
        for (let i = 0; i < rows; i++) {
          const seen = causal ? i0 + i + 1 : n;
          const shift = bias ? bias + (span - 1 - <usize>(i0 + i)) * F : 0;
          softmaxRow(own + (<usize>i) * stride, seen, stride, scale, shift);
        }
        productOf(
          own, stride, 0, v, strideQkv, 0, out + (<usize>i0) * strideOut, strideOut, rows, size, keys, 0,
        );
      }
      p += (<usize>n) * stride;
    }
  }
}

/** dS = P ∘ (dP - Σ dP ∘ P) of one row, in place of dP; added to the bias gradient, then multiplied by scale. */
@inline function softmaxRowBackward(p: usize, d: usize, stride: usize, scale: f32, bias: usize, seen: i32): void {
  let sum = f32x4.splat(0);
  const visible = ((<usize>seen) * F + 15) & ~15;
  for (let k: usize = 0; k < visible; k += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(p + k), v128.load(d + k)));
  }
  const mean = f32x4.splat(sumLanes(sum)), s = f32x4.splat(scale);
  let k: usize = 0;
  for (; k < visible; k += 16) {
    const g = f32x4.mul(v128.load(p + k), f32x4.sub(v128.load(d + k), mean));
    if (bias) v128.store(bias + k, f32x4.add(v128.load(bias + k), g));
    v128.store(d + k, f32x4.mul(g, s));
  }
  for (; k < stride; k += 16) v128.store(d + k, f32x4.splat(0));
}

/** Gradients of sequences [first, last); call after attention of the same sequences. */
export function attentionBackward(job: usize, first: i32, last: i32): void {
  const offsets = word(job, jobOffsets);
  const heads = <i32>word(job, jobHeads), span = word(job, jobSpan);
  const width: usize = word(job, jobWidth);
  const size = <i32>width / heads;
  const strideOut = width * F, strideQkv: usize = 3 * strideOut;
  const scale = <f32>1 / sqrt<f32>(<f32>size);
  const causal = word(job, jobCausal) != 0;
  const scores = word(job, jobScores);
  let p = word(job, jobProbabilities);
  for (let s = first; s < last; s++) {
    const begin = <usize>load<u32>(offsets + ((<usize>s) << 2));
    const n = <i32>(<usize>load<u32>(offsets + ((<usize>s) << 2), 4) - begin);
    const stride = (<usize>((n + 7) & ~7)) * F;
    for (let head = 0; head < heads; head++) {
      const shift = (<usize>(head * size)) * F;
      const q = word(job, jobQkv) + begin * strideQkv + shift;
      const k = q + width * F, v = k + width * F;
      const dQ = word(job, jobQkvGradient) + begin * strideQkv + shift;
      const dK = dQ + width * F, dV = dK + width * F;
      const dOut = word(job, jobGradient) + begin * strideOut + shift;
      const table = word(job, jobBiasGradient);
      const bias = table ? table + (<usize>head) * (span + 8) * F : 0;
      for (let i0 = 0; i0 < n; i0 += rowBlock) {
        const rows = min(rowBlock, n - i0);
        const keys = causal ? i0 + rows : n;
        const own = scores + (<usize>i0) * stride;
        productOf(
          dOut + (<usize>i0) * strideOut, strideOut, 0, v, strideQkv, 1,
          own, stride, rows, (keys + 7) & ~7, size, 0,
        );
        for (let i = 0; i < rows; i++) {
          const seen = causal ? i0 + i + 1 : n;
          const at = <usize>i;
          softmaxRowBackward(
            p + ((<usize>i0) + at) * stride, own + at * stride, stride, scale,
            bias ? bias + (span - 1 - <usize>(i0 + i)) * F : 0, seen,
          );
        }
        productOf(
          own, stride, 0, k, strideQkv, 0, dQ + (<usize>i0) * strideQkv, strideQkv, rows, size, keys, 0,
        );
      }
      for (let j0 = 0; j0 < n; j0 += rowBlock) {
        const keys = min(rowBlock, n - j0);
        const from = causal ? j0 : 0;
        const at = (<usize>from) * stride + (<usize>j0) * F;
        productOf(
          scores + at, stride, 1, q + (<usize>from) * strideQkv, strideQkv, 0,
          dK + (<usize>j0) * strideQkv, strideQkv, keys, size, n - from, 0,
        );
        productOf(
          p + at, stride, 1, dOut + (<usize>from) * strideOut, strideOut, 0,
          dV + (<usize>j0) * strideQkv, strideQkv, keys, size, n - from, 0,
        );
      }
      p += (<usize>n) * stride;
    }
  }
}
