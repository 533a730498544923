import type { Numbers } from './numbers';

/** What attention works on. Sequences are packed: rows one after the other, offsets tell them apart, nothing is padded. */
export interface AttentionProblem<N extends Numbers = Numbers> {
  /** [rows × 3·width]: queries, keys and values, in each the heads side by side. */
  readonly qkv: N;
  /** [rows × width], overwritten. */
  readonly out: N;
  /** Of each sequence and head [length × length up to a multiple of 8], overwritten. */
  readonly probabilities: N;
  /** Rows of sequence s are [offsets[s], offsets[s + 1]). */
  readonly offsets: Uint32Array;
  /** [heads × (span + 8)]: entry span - 1 - distance of a head is added to its score. Null: none. Causal only. */
  readonly bias: N | null;
  /** Longest sequence there may be. */
  readonly span: number;
  readonly heads: number;
  /** Columns of all heads together; of one head a multiple of 8. */
  readonly width: number;
  /** Whether a row sees itself and rows before it only. */
  readonly isCausal: boolean;
  /** [rows × width]: the gradient of out. */
  readonly gradient: N;
  /** [rows × 3·width], overwritten. */
  readonly qkvGradient: N;
  /** As bias, added to. */
  readonly biasGradient: N | null;
}

/** Calls back with each sequence and head: its first row, its length, and where its probabilities start. */
function eachHead(
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

/** Scores of one row against the rows it sees → probabilities. */
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

/** Where the columns of one head start, and how long its rows are. */
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

/** Place in the bias of a head of what is so far back. */
const biasPlace = (span: number, head: number, distance: number): number =>
  head * (span + 8) + span - 1 - distance;

/**
 * Multi-head attention (Vaswani et al. 2017, eq. 1) of sequences [first, last), with a learned bias a head and distance
 * in the manner of Shaw et al. 2018 and Raffel et al. 2020.
 */
export function attention(problem: AttentionProblem, first: number, last: number): void {
  const { qkv, out, probabilities, bias, span, isCausal } = problem;
  eachHead(problem, first, last, (start, length, head, place) => {
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

/** Gradients of sequences [first, last) after attention of the same. */
export function attentionBackward(problem: AttentionProblem, first: number, last: number): void {
  const { qkv, probabilities, biasGradient, gradient, qkvGradient, offsets } = problem;
  const { span, width, isCausal } = problem;
  const slopes = new Float64Array(span);
  qkvGradient.fill(0, offsets[first] * 3 * width, offsets[last] * 3 * width);
  eachHead(problem, first, last, (start, length, head, place) => {
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
