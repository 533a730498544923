// A mixture of multinomials over words and over shoppers. It starts from a clustering and is refined by
// expectation–maximisation (Nigam, McCallum, Thrun & Mitchell 2000, eq. 5 to 8, without labels). With r the shares of an
// item in the tags, x its words (each counted once, categories twice) and y the shoppers who like it:
//
//   M:  p(w|t) ∝ α + Σ r_t·x_w        p(u|t) ∝ α + Σ r_t·y_u        p(t) ∝ 1 + Σ r_t      (sums over items by weight)
//   E:  ln r_t = ln p(t) + Σ s_w·x_w·ln p(w|t) + λ·Σ s_u·y_u·ln p(u|t) + a constant
//
// Departure from naive Bayes: s is the specificity of a word, the divergence of the tags that use it from all tags,
// KL(p(t|w) ‖ p(t)) / ln(tags), to the power γ. Words such as "not bad" are used of everything. Without s, many of them
// together outweigh the one specific word, and tags of tone (quick delivery, poor quality) form. O(entries · tags).

import type { Csr } from '../../numeric/csr';

/** α: added to every count, so that an unseen word does not exclude a tag. */
const smoothing = 0.1;
/** Occurrences added to every word, spread over the tags by their priors, so that a rare word is not specific by chance. */
const priorUses = 0.5;
/** Refinement ends when the shares of an item change by less than this on average. */
const minChange = 1e-3;

/** Token counts of items, and their weight in the likelihood. */
export interface View {
  /** Values ≥ 0. [items × tokens] */
  readonly counts: Csr;
  /** λ: exponent of the view's likelihood. */
  readonly weight: number;
  /** Whether tokens are shoppers, not words. */
  readonly ofShoppers?: boolean;
}

/** What the tokens of a view say about tags. */
export interface Evidence {
  /** s·ln p(token | tag), [tokens × tags]. */
  readonly logs: Float32Array;
  /** s of each token, 0 to 1. */
  readonly specificity: Float32Array;
}

/** Returns p(t), the share of all items in each tag. [tags] */
export function priorsOf(shares: Float32Array, tags: number): Float64Array {
  const sums = new Float64Array(tags).fill(1);
  for (let start = 0; start < shares.length; start += tags) {
    for (let tag = 0; tag < tags; tag++) sums[tag] += shares[start + tag];
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return sums.map(sum => sum / total);
}

/** Smaller shares are ignored when token uses are counted. */
const minShare = 1e-4;

/** Returns Σ r_t·x, how often each tag uses each token; shares under 1e-4 are ignored. [tokens × tags] */
export function usesOf(
  { rows, columns, indptr, indices, values }: Csr,
  shares: Float32Array,
  tags: number,
): Float64Array {
  const uses = new Float64Array(columns * tags);
  for (let row = 0; row < rows; row++) {
    for (let tag = 0; tag < tags; tag++) {
      const share = shares[row * tags + tag];
      if (share < minShare) continue;
      for (let entry = indptr[row]; entry < indptr[row + 1]; entry++) {
        uses[indices[entry] * tags + tag] += values[entry] * share;
      }
    }
  }
  return uses;
}

/**
 * Returns (KL(p(t|w) ‖ p(t)) / ln tags)^γ, at most 1. All tags that do not use the token have the same ratio of shares,
 * so that one logarithm serves for them: c = ½ / (uses + ½), and p(t|w) = c·p(t).
 */
function specificityOf(uses: Float64Array, start: number, priors: Float64Array, power: number): number {
  const tags = priors.length;
  let total = priorUses;
  for (let tag = 0; tag < tags; tag++) total += uses[start + tag];
  const unused = priorUses / total;
  const ofUnused = unused * Math.log(unused);
  let divergence = 0;
  for (let tag = 0; tag < tags; tag++) {
    const used = uses[start + tag];
    if (used === 0) {
      divergence += priors[tag] * ofUnused;
      continue;
    }
    const share = used / total + unused * priors[tag];
    divergence += share * Math.log(share / priors[tag]);
  }
  const specific = Math.min(1, Math.max(0, divergence) / Math.log(Math.max(tags, 2)));
  return power === 1 ? specific : specific ** power;
}

/**
 * Computes what tokens say about tags, from how often each tag uses each token.
 *
 * @param uses - [tokens × tags]
 * @param power - γ; 0 gives every token specificity 1
 */
export function evidenceOf(uses: Float64Array, priors: Float64Array, power: number): Evidence {
  const tags = priors.length;
  const tokens = uses.length / tags;
  const totals = new Float64Array(tags).fill(tokens * smoothing);
  for (let start = 0; start < uses.length; start += tags) {
    for (let tag = 0; tag < tags; tag++) totals[tag] += uses[start + tag];
  }
  const lnTotals = totals.map(Math.log);
  const lnSmoothing = Math.log(smoothing);
  const specificity = new Float32Array(tokens);
  const logs = new Float32Array(uses.length);
  for (let token = 0; token < tokens; token++) {
    const start = token * tags;
    const own = specificityOf(uses, start, priors, power);
    specificity[token] = own;
    for (let tag = 0; tag < tags; tag++) {
      const used = uses[start + tag];
      const ln = used === 0 ? lnSmoothing : Math.log(used + smoothing);
      logs[start + tag] = own * (ln - lnTotals[tag]);
    }
  }
  return { logs, specificity };
}

/** Adds the evidence of one row's entries to `own`, in their order; four at once, so that sums are read and written less often. */
function addEntries(
  { counts: { indices, values }, weight }: View,
  logs: Float32Array,
  [begin, end]: readonly [number, number],
  own: Float64Array,
): void {
  const tags = own.length;
  let entry = begin;
  for (; entry + 3 < end; entry += 4) {
    const [a, b] = [indices[entry] * tags, indices[entry + 1] * tags];
    const [c, d] = [indices[entry + 2] * tags, indices[entry + 3] * tags];
    const [ofA, ofB] = [weight * values[entry], weight * values[entry + 1]];
    const [ofC, ofD] = [weight * values[entry + 2], weight * values[entry + 3]];
    for (let tag = 0; tag < tags; tag++) {
      own[tag] =
        own[tag] + ofA * logs[a + tag] + ofB * logs[b + tag] + ofC * logs[c + tag] + ofD * logs[d + tag];
    }
  }
  for (; entry < end; entry++) {
    const from = indices[entry] * tags;
    const scale = weight * values[entry];
    for (let tag = 0; tag < tags; tag++) own[tag] += scale * logs[from + tag];
  }
}

/** Adds to out, for each row and tag: weight · Σ count · s·ln p(token | tag). */
export function addEvidence(view: View, { logs }: Evidence, tags: number, out: Float64Array): void {
  const { rows, indptr } = view.counts;
  const own = new Float64Array(tags);
  for (let row = 0; row < rows; row++) {
    own.fill(0);
    addEntries(view, logs, [indptr[row], indptr[row + 1]], own);
    for (let tag = 0; tag < tags; tag++) out[row * tags + tag] += own[tag];
  }
}

/** Writes the softmax of one item's logarithms: shares that add up to 1. */
export function softmaxInto(logs: Float64Array, start: number, length: number, out: Float32Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let at = start; at < start + length; at++) most = Math.max(most, logs[at]);
  let total = 0;
  for (let at = start; at < start + length; at++) total += Math.exp(logs[at] - most);
  for (let at = start; at < start + length; at++) out[at] = Math.exp(logs[at] - most) / total;
}

/** Options of {@link refineShares}. */
export interface RefineOptions {
  readonly tags: number;
  readonly iterations: number;
  /** γ */
  readonly power: number;
  /** How much each item counts in the M step; 0: it is only assigned. Default: 1 each. [items] */
  readonly weights?: Float32Array;
}

/** Returns shares times the weights of their items. */
export function weighShares(
  shares: Float32Array,
  { tags, weights }: Pick<RefineOptions, 'tags' | 'weights'>,
): Float32Array {
  if (weights === undefined) return shares;
  const weighed = shares.slice();
  for (const [item, weight] of weights.entries()) {
    for (let at = item * tags; at < (item + 1) * tags; at++) weighed[at] *= weight;
  }
  return weighed;
}

/** One M and one E step. Returns unnormalised ln r. [items × tags] */
export function logShares(
  views: readonly View[],
  shares: Float32Array,
  options: RefineOptions,
): Float64Array {
  const { tags, power } = options;
  const weighed = weighShares(shares, options);
  const priors = priorsOf(weighed, tags);
  const lnPriors = priors.map(Math.log);
  const logs = new Float64Array(shares.length);
  for (let start = 0; start < logs.length; start += tags) {
    for (let tag = 0; tag < tags; tag++) logs[start + tag] = lnPriors[tag];
  }
  for (const view of views) {
    addEvidence(view, evidenceOf(usesOf(view.counts, weighed, tags), priors, power), tags, logs);
  }
  return logs;
}

function improve(views: readonly View[], shares: Float32Array, options: RefineOptions): Float32Array {
  const { tags } = options;
  const logs = logShares(views, shares, options);
  const next = new Float32Array(shares.length);
  for (let start = 0; start < logs.length; start += tags) softmaxInto(logs, start, tags, next);
  return next;
}

/** Returns shares that put each item wholly into one tag. [items × tags] */
export function sharesOfLabels(labels: Uint32Array, tags: number): Float32Array {
  const shares = new Float32Array(labels.length * tags);
  for (const [row, label] of labels.entries()) shares[row * tags + label] = 1;
  return shares;
}

/**
 * Refines a clustering of items.
 *
 * @param views - of the same items
 * @param start - shares to start from, [items × tags]
 * @param onPass - called after each iteration; may throw to stop
 * @returns [items × tags]: shares, adding up to 1 per item
 */
export async function refineShares(
  views: readonly View[],
  start: Float32Array,
  options: RefineOptions,
  onPass: () => Promise<void>,
): Promise<Float32Array> {
  const { tags, iterations } = options;
  const items = start.length / tags;
  let shares = start;
  for (let done = 0; done < iterations; done++) {
    const next = improve(views, shares, options);
    let change = 0;
    for (let at = 0; at < next.length; at++) change += Math.abs(next[at] - shares[at]);
    shares = next;
    await onPass();
    if (change < minChange * items) break;
  }
  return shares;
}
