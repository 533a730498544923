// Tags and their words teach each other: a mixture of multinomials over words, and over shoppers, started from a
// clustering and refined by expectation–maximisation (Nigam, McCallum, Thrun & Mitchell 2000, eq. 5 to 8, without labels).
// With r the shares of a thing in the tags, x its words (each counted once) and y who likes it:
//
//   M:  p(w|t) ∝ α + Σ r_t·x_w        p(u|t) ∝ α + Σ r_t·y_u        p(t) ∝ 1 + Σ r_t
//   E:  r_t ∝ p(t) · Π p(w|t)^x_w · Π p(u|t)^(λ·y_u)
//
// What is common to all tags (not bad, quick delivery) has like shares in all, and stops deciding: that is what plain
// distances cannot do. O(entries · tags) a pass.

import type { Csr } from '../../numeric/csr';

/** α: added to every count, so that a word a tag never had does not rule it out. */
const smoothing = 0.1;
/** It ends when shares change by less than this a thing. */
const settled = 1e-3;

/** One way to look at things: what each has, and how much that counts. */
export interface View {
  /** things × tokens, values ≥ 0. */
  readonly counts: Csr;
  /** λ: exponent of the view's likelihood. */
  readonly weight: number;
}

/** ln p(token | tag), [tokens × tags]. */
export function logLikelihoods(
  { rows, columns, indptr, indices, values }: Csr,
  shares: Float32Array,
  tags: number,
) {
  const sums = new Float64Array(columns * tags).fill(smoothing);
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      const at = indices[entry] * tags;
      for (let tag = 0; tag < tags; tag++) sums[at + tag] += values[entry] * shares[row * tags + tag];
    }
  }
  const totals = new Float64Array(tags);
  for (let at = 0; at < sums.length; at++) totals[at % tags] += sums[at];
  return Float32Array.from(sums, (sum, at) => Math.log(sum / totals[at % tags]));
}

/** out[row] += weight · Σ count · ln p(token | tag). */
function addEvidence(
  { counts, weight }: View,
  likelihoods: Float32Array,
  tags: number,
  out: Float64Array,
): void {
  const { rows, indptr, indices, values } = counts;
  for (let row = 0; row < rows; row++) {
    for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      const from = indices[entry] * tags;
      const scale = weight * values[entry];
      for (let tag = 0; tag < tags; tag++) out[row * tags + tag] += scale * likelihoods[from + tag];
    }
  }
}

/** Turns logarithms of one thing into shares that add up to 1. */
export function softmaxInto(logs: Float64Array, start: number, length: number, out: Float32Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = start; at < start + length; at++) most = Math.max(most, logs[at]);
  let total = 0;
  for (let at = start; at < start + length; at++) total += Math.exp(logs[at] - most);
  for (let at = start; at < start + length; at++) out[at] = Math.exp(logs[at] - most) / total;
}

function priorsOf(shares: Float32Array, tags: number): Float64Array {
  const sums = new Float64Array(tags).fill(1);
  for (let at = 0; at < shares.length; at++) sums[at % tags] += shares[at];
  const total = sums.reduce((sum, value) => sum + value, 0);
  return sums.map(sum => Math.log(sum / total));
}

/** One pass: what tags have of tokens, and then what things have of tags. */
function improve(views: readonly View[], shares: Float32Array, tags: number): Float32Array {
  const priors = priorsOf(shares, tags);
  const logs = Float64Array.from(shares, (_, at) => priors[at % tags]);
  for (const view of views) addEvidence(view, logLikelihoods(view.counts, shares, tags), tags, logs);
  const next = new Float32Array(shares.length);
  for (let start = 0; start < logs.length; start += tags) softmaxInto(logs, start, tags, next);
  return next;
}

/**
 * Refines a clustering of things.
 *
 * @param views - of the same things
 * @param labels - tag of each thing to start from, under `tags`
 * @param onPass - called after each pass; may throw to stop
 * @returns [things × tags]: shares, each thing's adding up to 1
 */
export async function refineShares(
  views: readonly View[],
  labels: Uint32Array,
  tags: number,
  passes: number,
  onPass: () => Promise<void>,
): Promise<Float32Array> {
  let shares: Float32Array = new Float32Array(labels.length * tags);
  for (const [row, label] of labels.entries()) shares[row * tags + label] = 1;
  for (let done = 0; done < passes; done++) {
    const next = improve(views, shares, tags);
    let change = 0;
    for (let at = 0; at < next.length; at++) change += Math.abs(next[at] - shares[at]);
    shares = next;
    await onPass();
    if (change < settled * labels.length) break;
  }
  return shares;
}
