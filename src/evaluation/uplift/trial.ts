// Half of the rows to learn from, half to measure on, drawn several times; the mean over the draws, its deviation between
// draws, and an interval by resampling the rows of the whole experiment, each with all draws it was measured in.
import { learnArms } from '../../insights/uplift/arms';
import {
  rowsOfArm,
  type TreatedRows,
  type UpliftLearner,
  type UpliftTask,
} from '../../insights/uplift/learner';
import { type Learner, takeLabelled } from '../../learning/tabular/learner';
import { takeInto } from '../../learning/tabular/table';
import { pause } from '../../numeric/pause';
import { createRng } from '../../numeric/rng';
import { type Interval, percentileInterval } from '../sample';
import { doublyRobustScores } from './doublyRobust';
import { upliftFigureNames, upliftFigures } from './figures';
import { drawHalves, type Halves } from './halves';
import { type ExperimentOutcomes, groupTotals, type Ranking, rankRows } from './ranking';

/** One draw: rows to learn from and rows to measure on. */
export interface Draw extends Halves {
  readonly trainRows: TreatedRows;
  readonly testRows: TreatedRows;
  /** Of the rows to measure on. */
  readonly outcomes: ExperimentOutcomes;
  readonly seed: number;
}

/** What stops an evaluation, and hears of its progress. */
export type Following = Pick<UpliftTask, 'signal' | 'onProgress'>;

/** How learners are compared. */
export interface TrialPlan extends Following {
  readonly rows: TreatedRows;
  /** Number of draws, ≥ 1. */
  readonly splits: number;
  readonly seed: number;
}

/** A figure over all draws. */
export interface Summary {
  readonly mean: number;
  /** Standard deviation between draws; NaN with one draw. */
  readonly deviation: number;
  /** 95 %, for the models learned; over rows that could have been measured instead. */
  readonly interval: Interval;
}

const resamples = 200;

function takeTreated(rows: TreatedRows, places: Uint32Array): TreatedRows {
  const treated = takeInto(rows.treated, places, new Uint8Array(places.length));
  return { ...takeLabelled(rows, places), treated };
}

/** Part of the progress of one of several pieces of work of equal size. */
const progressOf = ({ signal, onProgress }: Following, done: number, total: number): Following => ({
  ...(signal && { signal }),
  ...(onProgress && {
    onProgress: (part: number, parts: number) => onProgress(done * parts + part, total * parts),
  }),
});

/**
 * Draws the halves, and learns from the first half of each what scores the second (cross-fitted doubly robust scores).
 *
 * @param base - learns the outcomes of both arms for the scores
 * @throws {RangeError} when an arm has no rows. @throws {GatewayError} CANCELLED
 */
export async function prepareDraws(base: Learner, plan: TrialPlan): Promise<readonly Draw[]> {
  const draws: Draw[] = [];
  for (let split = 0; split < plan.splits; split++) {
    const seed = plan.seed + split;
    const halves = drawHalves(plan.rows, seed);
    const [trainRows, testRows] = [takeTreated(plan.rows, halves.train), takeTreated(plan.rows, halves.test)];
    const arms = await learnArms(base, { ...trainRows, seed, ...progressOf(plan, split, plan.splits) });
    const propensity = rowsOfArm(trainRows.treated, 1).length / trainRows.treated.length;
    const scores = doublyRobustScores(arms, { ...testRows, propensity });
    const { labels, treated } = testRows;
    draws.push({ ...halves, trainRows, testRows, outcomes: { labels, treated, scores }, seed });
  }
  return draws;
}

/** Returns the predicted uplift, or another score, of the rows to measure on. */
export type Targeting = (draw: Draw, following: Following) => Promise<Float64Array>;

/** Returns targeting by the uplift that a learner predicts. */
export const targetingBy =
  (learner: UpliftLearner): Targeting =>
  async ({ trainRows, testRows, seed }, following) => {
    const model = await learner.learn({ ...trainRows, seed, ...following });
    const uplift = new Float64Array(testRows.table.rows);
    model.upliftInto(testRows.table, uplift);
    return uplift;
  };

/** Targeting in random order. */
export const randomTargeting: Targeting = async ({ testRows, seed }) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: testRows.table.rows }, () => rng.uniform());
};

/** Returns targeting by the predicted outcome of treated rows: what a model of the response alone would do. */
export const responseTargeting =
  (base: Learner): Targeting =>
  async ({ trainRows, testRows, seed }, following) => {
    const classifier = await base.learn({
      ...takeLabelled(trainRows, rowsOfArm(trainRows.treated, 1)),
      seed,
      ...following,
    });
    const probabilities = new Float64Array(testRows.table.rows);
    classifier.probabilitiesInto(testRows.table, probabilities);
    return probabilities;
  };

/** Adds the figures of the draws, each row counted as often as its weight says, and divides them by the draws. */
function meanFigures(
  draws: readonly Draw[],
  rankings: readonly Ranking[],
  weights?: Uint8Array,
): Float64Array {
  const sums = new Float64Array(upliftFigureNames.length);
  for (const [place, { test, outcomes }] of draws.entries()) {
    const own = weights && takeInto(weights, test, new Uint8Array(test.length));
    const figures = upliftFigures(groupTotals(rankings[place], outcomes, own));
    for (const [column, figure] of figures.entries()) sums[column] += figure / draws.length;
  }
  return sums;
}

/** Draws how often each row counts in a resample. */
function drawWeights(rows: number, seed: number): Uint8Array {
  const rng = createRng(seed);
  const weights = new Uint8Array(rows);
  for (let drawn = 0; drawn < rows; drawn++) weights[rng.int(rows)]++;
  return weights;
}

/**
 * Measures a targeting on all draws; returns one summary per name of `upliftFigureNames`.
 *
 * @param plan - equal seeds give equal resamples, so that targetings are compared on the same ones
 * @throws {GatewayError} CANCELLED
 */
export async function measureTargeting(
  targeting: Targeting,
  draws: readonly Draw[],
  plan: TrialPlan,
): Promise<readonly Summary[]> {
  const rankings: Ranking[] = [];
  for (const [place, draw] of draws.entries())
    rankings.push(rankRows(await targeting(draw, progressOf(plan, place, draws.length))));
  const each = draws.map((draw, place) => meanFigures([draw], [rankings[place]]));
  const resampled: Float64Array[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    await pause();
    plan.signal?.throwIfAborted();
    resampled.push(meanFigures(draws, rankings, drawWeights(plan.rows.labels.length, plan.seed + resample)));
  }
  return upliftFigureNames.map((_, column) => {
    const values = each.map(figures => figures[column]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      mean,
      deviation: values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1)),
      interval: percentileInterval(Float64Array.from(resampled, figures => figures[column])),
    };
  });
}
