// The best split of a node from the sums of gradients and hessians per bin (Chen & Guestrin 2016, "XGBoost", eq. 7):
//
//   gain   ½ [G_L² / (H_L + λ) + G_R² / (H_R + λ) - G² / (H + λ)]
//
// Numbers: every threshold, with missing values on either side (algorithm 3). Categories: sorted by G / (H + smoothing),
// every prefix goes left. For λ = smoothing = 0 and two classes no set of categories is better (Fisher 1958; Breiman et
// al. 1984, theorem 4.5). Few categories: one against the others. Missing values are one more category. As in LightGBM
// (Ke et al. 2017; parameters cat_l2, cat_smooth and max_cat_to_onehot), prefixes have a higher λ, and a category with
// few rows has no place of its own: those are pooled, and the pool is sorted as one category.
import { type BinnedTable, maxBins } from './bins';

/** Regularization of splits on categories. */
export interface CategoryLimits {
  /** Added to λ where a prefix of sorted categories goes left. */
  readonly l2: number;
  /** Added to the hessian of a category when categories are sorted. */
  readonly smoothing: number;
  /** Categories with a lower sum of hessians in the node are pooled. */
  readonly minHessian: number;
  /** Up to that many categories in the node are split one against the others. */
  readonly oneAgainstRest: number;
}

/** LightGBM's defaults; its 10 rows per category are a sum of hessians here. */
const defaultCategoryLimits: CategoryLimits = {
  l2: 10,
  smoothing: 10,
  minHessian: 10,
  oneAgainstRest: 4,
};

/** Regularization of splits. */
export interface SplitLimits {
  /** Minimum sum of hessians in a leaf, > 0. */
  readonly minHessian: number;
  /** λ: added to the sum of hessians of a leaf. */
  readonly l2: number;
  /** γ: minimum gain of a split. */
  readonly minGain: number;
  /** {@link defaultCategoryLimits} without it. */
  readonly categories?: CategoryLimits;
}

/** Which rows of a node go left. */
export interface SplitRule {
  readonly column: number;
  /** Numbers: known values of bins ≤ bin go left. */
  readonly bin: number;
  /** Categories: the bins that go left, as bits [8 words]; null for a column of numbers. */
  readonly set: Uint32Array | null;
  readonly unknownLeft: boolean;
}

/** A split of a node in two. */
export interface Split extends SplitRule {
  readonly gain: number;
  /** Sums of the left child. */
  readonly gradient: number;
  readonly hessian: number;
}

/** Sums of a node. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  /** Pairs (gradient, hessian) per bin. */
  readonly histogram: Float64Array;
}

/** A column and where its pairs are in the histogram. */
export interface ColumnPlace {
  readonly column: number;
  readonly offset: number;
  /** Bins of the column, that of missing values included. */
  readonly bins: number;
}

/** G² / (H + λ). */
const structureScore = (gradient: number, hessian: number, l2: number): number =>
  (gradient * gradient) / (hessian + l2);

/** Scratch of one search, which never waits: the best split so far. Its score is that of both children. */
const found = { score: 0, place: 0, gradient: 0, hessian: 0 };

/** Forgets what was found. @returns the score of the whole node; a split has to beat it by the gain of `best` */
function startSearch(
  { gradient, hessian }: NodeSums,
  { l2, minGain }: SplitLimits,
  best: Split | null,
): number {
  const whole = structureScore(gradient, hessian, l2);
  found.score = 2 * (best?.gain ?? minGain) + whole;
  found.place = 0;
  return whole;
}

/** Tries the thresholds of bins from 1, with the missing values on the left or the right. */
function scanThresholds(
  { gradient, hessian, histogram }: NodeSums,
  { offset, bins }: ColumnPlace,
  { minHessian, l2 }: SplitLimits,
  isUnknownLeft: boolean,
): void {
  let leftGradient = isUnknownLeft ? histogram[offset] : 0;
  let leftHessian = isUnknownLeft ? histogram[offset + 1] : 0;
  let [score, place, foundGradient, foundHessian] = [found.score, found.place, found.gradient, found.hessian];
  for (let bin = 1; bin < bins; bin++) {
    const binHessian = histogram[offset + 2 * bin + 1];
    if (binHessian === 0) continue;
    leftGradient += histogram[offset + 2 * bin];
    leftHessian += binHessian;
    if (leftHessian < minHessian) continue;
    const rightHessian = hessian - leftHessian;
    if (rightHessian < minHessian) break;
    const rightGradient = gradient - leftGradient;
    const own =
      (leftGradient * leftGradient) / (leftHessian + l2) +
      (rightGradient * rightGradient) / (rightHessian + l2);
    if (!(own > score)) continue;
    score = own;
    place = bin;
    foundGradient = leftGradient;
    foundHessian = leftHessian;
  }
  found.score = score;
  found.place = place;
  found.gradient = foundGradient;
  found.hessian = foundHessian;
}

/** Returns the best threshold of a column of numbers if it is better than `best`, else `best`. */
export function bestThreshold(
  sums: NodeSums,
  place: ColumnPlace,
  limits: SplitLimits,
  best: Split | null,
): Split | null {
  const whole = startSearch(sums, limits, best);
  scanThresholds(sums, place, limits, false);
  const scoreOfRight = found.score;
  if (sums.histogram[place.offset + 1] > 0) scanThresholds(sums, place, limits, true);
  if (found.place === 0) return best;
  return {
    gain: (found.score - whole) / 2,
    column: place.column,
    bin: found.place,
    set: null,
    unknownLeft: found.score > scoreOfRight,
    gradient: found.gradient,
    hessian: found.hessian,
  };
}

/** Below this share of a node's hessian, a bin holds only the rounding of sums that were subtracted. */
const absentShare = 1e-9;
/** Stands for all bins of the pool. */
const pool = maxBins;
// Scratch of one search, which never waits: the groups of categories in order, and their sums by bin.
const order = new Uint16Array(maxBins + 1);
const keys = new Float64Array(maxBins + 1);
const groupGradients = new Float64Array(maxBins + 1);
const groupHessians = new Float64Array(maxBins + 1);

/** Writes the groups of a node's categories to the scratch. @returns how many there are */
function gatherGroups(
  { hessian, histogram }: NodeSums,
  { offset, bins }: ColumnPlace,
  { minHessian, smoothing }: CategoryLimits,
): number {
  const absent = absentShare * hessian;
  const least = Math.max(minHessian, absent);
  groupGradients[pool] = 0;
  groupHessians[pool] = 0;
  let groups = 0;
  for (let bin = 0; bin < bins; bin++) {
    const [binGradient, binHessian] = [histogram[offset + 2 * bin], histogram[offset + 2 * bin + 1]];
    const isOwn = binHessian >= least && binHessian > 0;
    const group = isOwn ? bin : pool;
    if (isOwn) order[groups++] = bin;
    groupGradients[group] = isOwn ? binGradient : groupGradients[pool] + binGradient;
    groupHessians[group] = isOwn ? binHessian : groupHessians[pool] + binHessian;
  }
  if (groupHessians[pool] > absent) order[groups++] = pool;
  for (let place = 0; place < groups; place++) {
    const group = order[place];
    keys[group] = groupGradients[group] / (groupHessians[group] + smoothing);
  }
  return groups;
}

/** Sorts the first groups of the scratch by their keys; stable insertion, as there are few. */
function sortGroups(groups: number): void {
  for (let place = 1; place < groups; place++) {
    const group = order[place];
    let to = place;
    for (; to > 0 && keys[order[to - 1]] > keys[group]; to--) order[to] = order[to - 1];
    order[to] = group;
  }
}

/** Returns the bins of the groups at the places [from, to), as bits; bins without a group go where the pool goes. */
function setOfGroups(from: number, to: number, groups: number, isPoolLeft: boolean): Uint32Array {
  const set = new Uint32Array(maxBins / 32).fill(isPoolLeft ? 0xffffffff : 0);
  for (let place = 0; place < groups; place++) {
    const bin = order[place];
    if (bin === pool) continue;
    const bit = 1 << (bin & 31);
    if (place >= from && place < to) set[bin >>> 5] |= bit;
    else set[bin >>> 5] &= ~bit;
  }
  return set;
}

/** Returns whether the pool goes left where the groups at [from, to) do; an empty one goes where most of the node goes. */
function isPoolLeftOf(from: number, to: number, groups: number, isLeftLarger: boolean): boolean {
  for (let place = 0; place < groups; place++) if (order[place] === pool) return place >= from && place < to;
  return isLeftLarger;
}

/** Tries every group alone, or every prefix of the groups, on the left. The place found is its end. */
function scanGroups(
  { gradient, hessian }: NodeSums,
  { groups, isSingle, l2, minHessian }: { groups: number; isSingle: boolean; l2: number; minHessian: number },
): void {
  let [leftGradient, leftHessian] = [0, 0];
  for (let end = 1; end <= groups; end++) {
    const group = order[end - 1];
    leftGradient = groupGradients[group] + (isSingle ? 0 : leftGradient);
    leftHessian = groupHessians[group] + (isSingle ? 0 : leftHessian);
    const rightHessian = hessian - leftHessian;
    if (leftHessian < minHessian || rightHessian < minHessian) continue;
    const left = structureScore(leftGradient, leftHessian, l2);
    const own = left + structureScore(gradient - leftGradient, rightHessian, l2);
    if (!(own > found.score)) continue;
    found.score = own;
    found.place = end;
    found.gradient = leftGradient;
    found.hessian = leftHessian;
  }
}

/** Returns the best set of a column of categories if it is better than `best`, else `best`. */
export function bestSet(
  sums: NodeSums,
  place: ColumnPlace,
  limits: SplitLimits,
  best: Split | null,
): Split | null {
  const { minHessian, categories = defaultCategoryLimits } = limits;
  const groups = gatherGroups(sums, place, categories);
  if (groups < 2) return best;
  const isSingle = groups <= categories.oneAgainstRest;
  if (!isSingle) sortGroups(groups);
  const whole = startSearch(sums, limits, best);
  scanGroups(sums, { groups, isSingle, l2: limits.l2 + (isSingle ? 0 : categories.l2), minHessian });
  const end = found.place;
  if (end === 0) return best;
  const from = isSingle ? end - 1 : 0;
  const isPoolLeft = isPoolLeftOf(from, end, groups, 2 * found.hessian > sums.hessian);
  const set = setOfGroups(from, end, groups, isPoolLeft);
  return {
    gain: (found.score - whole) / 2,
    column: place.column,
    bin: 0,
    set,
    unknownLeft: (set[0] & 1) === 1,
    gradient: found.gradient,
    hessian: found.hessian,
  };
}

/** Largest float32: above all values, and finite, so that an artifact can store it. */
const highest = 3.4028234663852886e38;

/** Returns the highest value that goes left; after the last edge all known values do. 0 for a set of categories. */
export const thresholdOf = ({ edges }: BinnedTable, { column, bin, set }: SplitRule) =>
  set ? 0 : (edges[column][bin - 1] ?? highest);

/** Writes for every bin whether its rows go left (1) or right (0). @param out - [256] */
export function sidesInto({ bin, set, unknownLeft }: SplitRule, out: Uint8Array): void {
  if (set) {
    for (let own = 0; own < maxBins; own++) out[own] = (set[own >>> 5] >>> (own & 31)) & 1;
    return;
  }
  out.fill(1, 0, bin + 1);
  out.fill(0, bin + 1);
  out[0] = Number(unknownLeft);
}
