import type { Numbers } from './numbers';

/** Arrays of an attention layer. Sequences are packed: rows are concatenated without padding and separated by offsets. */
export interface AttentionProblem<N extends Numbers = Numbers> {
  /** [rows × 3·width]: queries, keys and values; within each, the heads side by side. */
  readonly qkv: N;
  /** [rows × width], overwritten. */
  readonly out: N;
  /** Per sequence and head [length × length rounded up to a multiple of 8], overwritten. */
  readonly probabilities: N;
  /** Rows of sequence s are [offsets[s], offsets[s + 1]). */
  readonly offsets: Uint32Array;
  /** [heads × (span + 8)]: entry span - 1 - distance of a head is added to its scores. Null: no bias. Causal only. */
  readonly bias: N | null;
  /** Maximum sequence length. */
  readonly span: number;
  readonly heads: number;
  /** Columns of all heads together; a multiple of 8 per head. */
  readonly width: number;
  /** Whether a row attends only to itself and earlier rows. */
  readonly isCausal: boolean;
  /** [rows × width]: the gradient of out. */
  readonly gradient: N;
  /** [rows × 3·width], overwritten. */
  readonly qkvGradient: N;
  /** As bias, added to. */
  readonly biasGradient: N | null;
}

/** Calls `work` for each sequence and head with its first row, its length, and the start of its probabilities. */
function forEachHead(
  { offsets, heads }: AttentionProblem,
  first: number,
  last: number,
  work: (start: number, length: number, head: number, place: number) => void,
): void {
  let place = 0;
  for (let sequence = first; sequence < last; sequence++) {
    const length = offsets[sequence + 1] - offsets[sequence];
    for (let head = 0; head < heads; head++) {
      work(offsets[sequence], length, head, place);
      place += length * 8 * Math.ceil(length / 8);
    }
  }
}

/** Softmax in place: scores of one row → probabilities. */
function softmaxInto(scores: Numbers): void {
  let high = Number.NEGATIVE_INFINITY;
  for (const score of scores) high = Math.max(high, score);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = Math.exp(scores[k] - high);
    sum += scores[k];
  }
  for (let k = 0; k < scores.length; k++) scores[k] /= sum;
}

/** Σ a[i + k]·b[j + k] over `size` places. */
function dotAt(a: Numbers, i: number, b: Numbers, j: number, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += a[i + k] * b[j + k];
  return sum;
}

/** to[i + k] += factor·from[j + k] over as many places as `from` has. */
function addAt(to: Numbers, i: number, factor: number, from: Numbers): void {
  for (let k = 0; k < from.length; k++) to[i + k] += factor * from[k];
}

/** Offsets of the columns of one head, and its number of columns. */
function placesOf({ width, heads }: AttentionProblem, start: number, head: number) {
  const size = width / heads;
  const query = (i: number): number => (start + i) * 3 * width + head * size;
  return {
    size,
    query,
    key: (i: number): number => query(i) + width,
    value: (i: number): number => query(i) + 2 * width,
    out: (i: number): number => (start + i) * width + head * size,
  };
}

/** Index in `bias` of a head and distance. */
const biasPlace = (span: number, head: number, distance: number): number =>
  head * (span + 8) + span - 1 - distance;

/**
 * Multi-head attention (Vaswani et al. 2017, eq. 1) of sequences [first, last), with a learned bias per head and distance
 * as in Shaw et al. 2018 and Raffel et al. 2020.
 */
export function attention(problem: AttentionProblem, first: number, last: number): void {
  const { qkv, out, probabilities, bias, span, isCausal } = problem;
  forEachHead(problem, first, last, (start, length, head, place) => {
    const at = placesOf(problem, start, head);
    const stride = 8 * Math.ceil(length / 8);
    for (let i = 0; i < length; i++) {
      const own = probabilities.subarray(place + i * stride, place + (i + 1) * stride).fill(0);
      const seen = own.subarray(0, isCausal ? i + 1 : length);
      for (let j = 0; j < seen.length; j++) {
        const score = dotAt(qkv, at.query(i), qkv, at.key(j), at.size) / Math.sqrt(at.size);
        seen[j] = score + (bias ? bias[biasPlace(span, head, i - j)] : 0);
      }
      softmaxInto(seen);
      out.fill(0, at.out(i), at.out(i) + at.size);
      for (let j = 0; j < seen.length; j++)
        addAt(out, at.out(i), seen[j], qkv.subarray(at.value(j), at.value(j) + at.size));
    }
  });
}

/** Gradients of sequences [first, last); call after {@link attention} of the same sequences. */
export function attentionBackward(problem: AttentionProblem, first: number, last: number): void {
  const { qkv, probabilities, biasGradient, gradient, qkvGradient, offsets } = problem;
  const { span, width, isCausal } = problem;
  const slopes = new Float64Array(span);
  qkvGradient.fill(0, offsets[first] * 3 * width, offsets[last] * 3 * width);
  forEachHead(problem, first, last, (start, length, head, place) => {
    const at = placesOf(problem, start, head);
    const columns = (from: number): Numbers => qkv.subarray(from, from + at.size);
    const stride = 8 * Math.ceil(length / 8);
    for (let i = 0; i < length; i++) {
      const seen = isCausal ? i + 1 : length;
      const own = probabilities.subarray(place + i * stride, place + i * stride + seen);
      const slope = gradient.subarray(at.out(i), at.out(i) + at.size);
      let mean = 0;
      for (let j = 0; j < seen; j++) {
        slopes[j] = dotAt(slope, 0, qkv, at.value(j), at.size);
        addAt(qkvGradient, at.value(j), own[j], slope);
        mean += own[j] * slopes[j];
      }
      for (let j = 0; j < seen; j++) {
        const score = own[j] * (slopes[j] - mean);
        if (biasGradient) biasGradient[biasPlace(span, head, i - j)] += score;
        addAt(qkvGradient, at.query(i), score / Math.sqrt(at.size), columns(at.key(j)));
        addAt(qkvGradient, at.key(j), score / Math.sqrt(at.size), columns(at.query(i)));
      }
    }
  });
}
