// The split of a node whose children differ most in the effect of a treatment. With n and y the sums of weights and of
// weighted outcomes of treated (1) and untreated rows (0):
//
//   effect     τ = y₁ / n₁ - y₀ / n₀
//   precision  m = n₁ n₀ / (n₁ + n₀)                       (the variance of τ is σ² / m)
//   gain       (τ_L - τ_R)² · m_L m_R / (m_L + m_R)        (σ² times the squared t-statistic of the difference)
//
// This is the significance-based split of Radcliffe & Surry 2011 ("Real-world uplift modelling with significance-based
// uplift trees") for equal variances; where all nodes have the same share of treated rows, it maximizes the variance of the
// predicted effect (Wager & Athey 2018, procedure 1). Categories are sorted by their effect, and every prefix is tried.
import type { SplitRule } from './bestSplit';
import { type BinnedTable, maxBins } from './bins';

/** Sums of weights and of weighted outcomes: treated, then untreated. */
export type ArmSums = [treatedWeight: number, treatedSum: number, restWeight: number, restSum: number];

/** Rows of an experiment, one entry per row of a table. */
export interface ArmRows {
  /** 1 where treated. */
  readonly treated: Uint8Array;
  readonly outcomes: Float32Array;
  readonly weights: Float32Array;
}

/** Returns the effect, the difference of mean outcomes. NaN where an arm is empty. */
export const effectOf = ([treatedWeight, treatedSum, restWeight, restSum]: ArmSums): number =>
  treatedSum / treatedWeight - restSum / restWeight;

/** Returns the sums of the rows [start, end). */
export function armSumsOf(
  { treated, outcomes, weights }: ArmRows,
  rows: Uint32Array,
  start: number,
  end: number,
): ArmSums {
  const sums: ArmSums = [0, 0, 0, 0];
  for (let place = start; place < end; place++) {
    const row = rows[place];
    const arm = treated[row] === 1 ? 0 : 2;
    sums[arm] += weights[row];
    sums[arm + 1] += weights[row] * outcomes[row];
  }
  return sums;
}

/** Returns whether both arms have that weight. */
export const hasArms = ([treatedWeight, , restWeight]: ArmSums, least: number): boolean =>
  treatedWeight >= least && restWeight >= least;

/** Returns the gain of a split; 0 where an arm of a child is too light. */
function gainOf(left: ArmSums, whole: ArmSums, least: number): number {
  const right: ArmSums = [whole[0] - left[0], whole[1] - left[1], whole[2] - left[2], whole[3] - left[3]];
  if (!(hasArms(left, least) && hasArms(right, least))) return 0;
  const difference = effectOf(left) - effectOf(right);
  const leftPrecision = (left[0] * left[2]) / (left[0] + left[2]);
  const rightPrecision = (right[0] * right[2]) / (right[0] + right[2]);
  return (difference * difference * leftPrecision * rightPrecision) / (leftPrecision + rightPrecision);
}

/** The best split of a node, and its gain. */
export interface UpliftSplit {
  readonly rule: SplitRule;
  readonly gain: number;
}

/** Adds a bin of the histogram to sums. */
function addBin(sums: ArmSums, histogram: Float64Array, bin: number): void {
  for (let part = 0; part < 4; part++) sums[part] += histogram[4 * bin + part];
}

/** The rows of a node and their sums. */
export interface UpliftNode {
  readonly rows: Uint32Array;
  readonly start: number;
  readonly end: number;
  readonly sums: ArmSums;
}

/** A column whose sums are in the histogram, and the minimum weight of an arm in a child. */
interface SummedColumn {
  readonly histogram: Float64Array;
  readonly column: number;
  readonly bins: number;
  readonly least: number;
}

/** Categories by their effect; each has one more row of either arm with the node's mean, so that none is infinite. */
function sortedCategories(sums: ArmSums, { histogram, bins }: SummedColumn): number[] {
  const [treatedMean, restMean] = [sums[1] / sums[0], sums[3] / sums[2]];
  const keys = new Float64Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    const [treatedWeight, treatedSum, restWeight, restSum] = histogram.subarray(4 * bin, 4 * bin + 4);
    keys[bin] = (treatedSum + treatedMean) / (treatedWeight + 1) - (restSum + restMean) / (restWeight + 1);
  }
  const isPresent = (bin: number): boolean => histogram[4 * bin] + histogram[4 * bin + 2] > 0;
  return Array.from({ length: bins }, (_, bin) => bin)
    .filter(isPresent)
    .sort((one, other) => keys[one] - keys[other] || one - other);
}

function bestSet(sums: ArmSums, summed: SummedColumn, best: UpliftSplit | null): UpliftSplit | null {
  const { histogram, column, least } = summed;
  const bins = sortedCategories(sums, summed);
  const left: ArmSums = [0, 0, 0, 0];
  let [gain, count, isMostLeft] = [best?.gain ?? 0, 0, false];
  for (const [place, bin] of bins.entries()) {
    addBin(left, histogram, bin);
    const own = gainOf(left, sums, least);
    if (!(own > gain)) continue;
    gain = own;
    count = place + 1;
    isMostLeft = 2 * (left[0] + left[2]) > sums[0] + sums[2];
  }
  if (count === 0) return best;
  // Categories without rows go where most of the node goes.
  const set = new Uint32Array(maxBins / 32).fill(isMostLeft ? 0xffffffff : 0);
  for (const bin of bins.slice(0, count)) set[bin >>> 5] |= 1 << (bin & 31);
  for (const bin of bins.slice(count)) set[bin >>> 5] &= ~(1 << (bin & 31));
  return { gain, rule: { column, bin: 0, set, unknownLeft: (set[0] & 1) === 1 } };
}

function bestThreshold(
  sums: ArmSums,
  { histogram, column, bins, least }: SummedColumn,
  unknownLeft: boolean,
  best: UpliftSplit | null,
): UpliftSplit | null {
  const left: ArmSums = [0, 0, 0, 0];
  if (unknownLeft) addBin(left, histogram, 0);
  let [gain, found] = [best?.gain ?? 0, 0];
  for (let bin = 1; bin < bins; bin++) {
    if (histogram[4 * bin] + histogram[4 * bin + 2] === 0) continue;
    addBin(left, histogram, bin);
    const own = gainOf(left, sums, least);
    if (!(own > gain)) continue;
    gain = own;
    found = bin;
  }
  return found === 0 ? best : { gain, rule: { column, bin: found, set: null, unknownLeft } };
}

/**
 * Creates a search for the best split of a node on one column.
 *
 * @param least - minimum sum of weights of either arm in either child, > 0
 * @returns a function that returns the split if it is better than `best`, else `best`
 */
export function upliftSplitter(
  table: BinnedTable,
  { treated, outcomes, weights }: ArmRows,
  least: number,
): (node: UpliftNode, column: number, best: UpliftSplit | null) => UpliftSplit | null {
  const histogram = new Float64Array(4 * maxBins);
  return ({ rows, start, end, sums }, column, best) => {
    const first = column * table.rows;
    const bins = table.binCounts[column];
    histogram.fill(0, 0, 4 * bins);
    for (let place = start; place < end; place++) {
      const row = rows[place];
      const cell = 4 * table.bins[first + row] + (treated[row] === 1 ? 0 : 2);
      histogram[cell] += weights[row];
      histogram[cell + 1] += weights[row] * outcomes[row];
    }
    const summed: SummedColumn = { histogram, column, bins, least };
    if (table.codeBins[column]) return bestSet(sums, summed, best);
    const known = bestThreshold(sums, summed, false, best);
    return histogram[0] + histogram[2] > 0 ? bestThreshold(sums, summed, true, known) : known;
  };
}
