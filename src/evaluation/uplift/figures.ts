// Figures of a ranking by predicted uplift. Qini coefficient, AUUC and uplift at k are those of scikit-uplift 0.5.1
// (`qini_auc_score`, `uplift_auc_score`, `uplift_at_k`). Rows with equal predictions are taken in proportion, which is the
// expected value over their orders; scikit-uplift takes them in some order in uplift at k.
import { totalsPerGroup } from './ranking';

/** Shares of the rows at which the uplift is read. */
const shares = [0.1, 0.2, 0.3] as const;

/** Names of the figures, in the order of {@link upliftFigures}. */
export const upliftFigureNames: readonly string[] = [
  'qini',
  'auuc',
  ...shares.map(share => `uplift@${share * 100}%`),
  ...shares.map(share => `upliftByGroup@${share * 100}%`),
  ...shares.map(share => `robustUplift@${share * 100}%`),
  'robustQini',
];

/** Sums over the rows so far: treated, outcomes among them, controls, outcomes among them, scores. */
type Sums = readonly [number, number, number, number, number];
type Curve = (sums: Sums) => number;

const rateOf = (count: number, rows: number): number => (rows > 0 ? count / rows : 0);

/** Incremental outcomes, scaled to the treated rows (Radcliffe 2007). */
const qiniCurve: Curve = ([treated, outcomes, controls, others]) =>
  outcomes - rateOf(others, controls) * treated;
/** Uplift of the rows so far, times their number (Devriendt, Guns & Verbeke 2020). */
const upliftCurve: Curve = ([treated, outcomes, controls, others]) =>
  (rateOf(outcomes, treated) - rateOf(others, controls)) * (treated + controls);
/** Sum of the doubly robust scores: the effect of treating the rows so far. */
const robustCurve: Curve = sums => sums[4];

/** Area between a curve over groups of rows and the straight line to its end, by trapezoids. */
function areaAboveLine(totals: ArrayLike<number>, curve: Curve): number {
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let [area, x, y] = [0, 0, 0];
  for (let at = 0; at < totals.length; at += totalsPerGroup) {
    for (let k = 0; k < totalsPerGroup; k++) sums[k] += totals[at + k];
    const [nextX, nextY] = [sums[0] + sums[2], curve(sums)];
    area += ((nextX - x) * (nextY + y)) / 2;
    [x, y] = [nextX, nextY];
  }
  return area - (x * y) / 2;
}

function sumsOf(totals: ArrayLike<number>): Sums {
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (let place = 0; place < totals.length; place++) sums[place % totalsPerGroup] += totals[place];
  return sums;
}

/** Totals of groups of one kind of row each: treated with and without outcome, controls with and without. */
function kindsOf([treated, outcomes, controls, others]: Sums) {
  return {
    persuaded: [outcomes, outcomes, 0, 0, 0],
    unmoved: [treated - outcomes, 0, 0, 0, 0],
    sure: [0, 0, others, others, 0],
    lost: [0, 0, controls - others, 0, 0],
  };
}

/** Area of the order that is best in hindsight: `perfect_qini_curve`, with negative effects. */
function perfectQiniArea(sums: Sums): number {
  const { persuaded, unmoved, sure, lost } = kindsOf(sums);
  const neither = unmoved.map((value, place) => value + lost[place]);
  return areaAboveLine([...persuaded, ...neither, ...sure], qiniCurve);
}

/** Area of the order that is best in hindsight: `perfect_uplift_curve`. */
function perfectUpliftArea(sums: Sums): number {
  const { persuaded, unmoved, sure, lost } = kindsOf(sums);
  const rest = sums[3] > sums[0] - sums[1] ? [...sure, ...unmoved] : [...unmoved, ...sure];
  return areaAboveLine([...persuaded, ...lost, ...rest], upliftCurve);
}

/** Sums over the first `count` rows among those that `rowsOf` counts; the last group in proportion. */
function sumsOfFirst(totals: Float64Array, count: number, rowsOf: (at: number) => number): Sums {
  const sums: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let left = count;
  for (let at = 0; at < totals.length && left > 0; at += totalsPerGroup) {
    const rows = rowsOf(at);
    const taken = rows > left ? left / rows : 1;
    for (let k = 0; k < totalsPerGroup; k++) sums[k] += taken * totals[at + k];
    left -= taken * rows;
  }
  return sums;
}

/** Uplift among the first rows: of all rows together (`overall`), of each arm by itself (`by_group`), by scores. */
function upliftAt(totals: Float64Array, all: Sums, share: number): readonly [number, number, number] {
  const count = Math.floor((all[0] + all[2]) * share);
  const first = sumsOfFirst(totals, count, at => totals[at] + totals[at + 2]);
  const ofTreated = sumsOfFirst(totals, Math.floor(all[0] * share), at => totals[at]);
  const ofControls = sumsOfFirst(totals, Math.floor(all[2] * share), at => totals[at + 2]);
  return [
    first[1] / first[0] - first[3] / first[2],
    ofTreated[1] / ofTreated[0] - ofControls[3] / ofControls[2],
    first[4] / count,
  ];
}

/**
 * Returns the figures of a ranking, one per name of {@link upliftFigureNames}. Qini and AUUC: area above random targeting,
 * as a share of that of the best order in hindsight. `robustQini`: area between the gain per row by doubly robust scores and
 * that of random targeting (RATE with Qini weights; Yadlowsky et al. 2025), in outcomes per row. NaN where an arm is empty.
 *
 * @param totals - of `groupTotals`
 */
export function upliftFigures(totals: Float64Array): Float64Array {
  const all = sumsOf(totals);
  const rows = all[0] + all[2];
  const at = shares.map(share => upliftAt(totals, all, share));
  return Float64Array.of(
    areaAboveLine(totals, qiniCurve) / perfectQiniArea(all),
    areaAboveLine(totals, upliftCurve) / perfectUpliftArea(all),
    ...at.map(([overall]) => overall),
    ...at.map(([, byGroup]) => byGroup),
    ...at.map(([, , robust]) => robust),
    areaAboveLine(totals, robustCurve) / rows ** 2,
  );
}
