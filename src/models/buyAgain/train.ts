// The hazard of buying a product again, in two periods (hazard.ts), by logistic regression over examples at past instants
// (examples.ts). Discrete-time survival: Cox 1972, "Regression models and life-tables", section 6; Allison 1982,
// "Discrete-time methods for the analysis of event histories". What decides about repeats: Benson, Kumar & Tomkins 2018,
// "Sequences of sets"; Dey, Bhagwan et al. 2016, "Buy it again: modeling repeat purchase recommendations".
//
// The prior of the coefficients is own frequency: log-odds rise by the log of the number of orders. Few examples leave it so.
//
// Cost: cuts × purchases for statistics and candidates, then examples × features² per step of Newton's method; examples are at
// most `maxExamples` per period.

import { checkCancelled } from '../../learning/cancelled';
import type { SettingValues } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { fitLogistic, type LogisticExamples } from '../../numeric/logisticRidge';
import { createRng } from '../../numeric/rng';
import { type CategoryTree, shrunkMeans } from '../categories';
import { type Cut, type Period, sampleExamples } from './examples';
import { featureCount, featureNames } from './features';
import { firstPurchaseColumns, sampleFirstPurchases } from './firstPurchases';
import { periods } from './hazard';
import { msPerDay, type ProductStatistics, productStatisticsAt } from './productStatistics';
import type { buyAgainSettings } from './settings';
import type { Timelines } from './timelines';

/** Values of all settings. */
export type BuyAgainConfig = SettingValues<typeof buyAgainSettings>;

/** What the model learned. */
export interface Trained {
  /** Of buying again: [periods × features]. */
  readonly coefficients: Float64Array;
  /** Of first purchases: [firstPurchaseColumns]. */
  readonly firstCoefficients: Float64Array;
  readonly statistics: ProductStatistics;
  /** 1 for a product of a kind that shoppers buy again. */
  readonly repeated: Uint8Array;
}

/** Log-odds of a repeat per week without any data: one in a hundred products. */
const priorIntercept = Math.log(0.01 / 0.99);
/** Strength of that prior: so weak that a handful of examples replaces it. */
const interceptStrength = 1;
/** Fewest days of data before the first cut. */
const minHistoryDays = 7;

/** Coefficients of own frequency: each order more raises the odds in proportion. */
function priorMeans(): Float64Array {
  const means = new Float64Array(featureCount);
  means[featureNames.indexOf('intercept')] = priorIntercept;
  means[featureNames.indexOf('orders')] = 1;
  means[featureNames.indexOf('popularity')] = 0.01;
  return means;
}

/** Strengths of the prior such that a coefficient counts per standard deviation of its feature. */
function priorStrengths({ columns, rows, weights }: LogisticExamples, regularization: number): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const strengths = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    let [sum, squares] = [0, 0];
    for (let example = 0; example < weights.length; example++) {
      const value = rows[example * columns + column];
      sum += weights[example] * value;
      squares += weights[example] * value * value;
    }
    const variance = total > 0 ? squares / total - (sum / total) ** 2 : 1;
    strengths[column] = regularization * Math.max(variance, 1e-6);
  }
  strengths[0] = interceptStrength;
  return strengths;
}

/** Instants at which a whole period was observed, ascending; none where the data are too short. */
export function cutInstants(
  span: { readonly first: number; readonly last: number },
  toDay: number,
  { cuts, cutDays }: Pick<BuyAgainConfig, 'cuts' | 'cutDays'>,
): readonly number[] {
  const latest = span.last - toDay * msPerDay;
  const earliest = span.first + minHistoryDays * msPerDay;
  if (!(latest >= span.first)) return [];
  const step = Math.min(cutDays, Math.max(1, (latest - earliest) / msPerDay / cuts)) * msPerDay;
  const instants = Array.from({ length: cuts }, (_, back) => latest - back * step);
  return instants.filter((at, back) => back === 0 || at >= earliest).reverse();
}

async function fitPeriod(
  timelines: Timelines,
  cuts: readonly Cut[],
  period: Period,
  config: BuyAgainConfig,
  context: TrainContext,
  means: Float64Array,
): Promise<Float64Array> {
  const rng = createRng(context.seed);
  const examples = await sampleExamples(
    timelines,
    cuts,
    period,
    { budget: config.maxExamples, rng },
    context,
  );
  const strengths = priorStrengths(examples, config.regularization);
  return fitLogistic(examples, { means, strengths }).coefficients;
}

/** Fits the odds of first purchases; without examples they are those of the product alone. */
async function fitFirstPurchases(
  timelines: Timelines,
  cuts: readonly Cut[],
  config: BuyAgainConfig,
  context: TrainContext,
): Promise<Float64Array> {
  const means = new Float64Array(firstPurchaseColumns);
  means[1] = 1;
  const sampling = { budget: config.maxExamples, rng: createRng(context.seed) };
  const examples = await sampleFirstPurchases(timelines, cuts, sampling, context);
  const strengths = priorStrengths(examples, config.regularization);
  return fitLogistic(examples, { means, strengths }).coefficients;
}

/** Returns the coefficients of a later period where none was observed whole: the same hazard for more days. */
function sameHazard(coefficients: Float64Array, from: Period, to: Period): Float64Array {
  const own = coefficients.slice();
  own[0] += Math.log((to.toDay - to.fromDay) / (from.toDay - from.fromDay));
  return own;
}

/** A few later purchases decide about a category: only which products lists leave out depends on it, not their scores. */
const kindStrengths = { category: 5, product: 1 };

/** Returns 1 for each product of a category in which repeats are a share of later purchases; without one, of the shop. */
function repeatedKinds(timelines: Timelines, categories: CategoryTree, minShare: number): Uint8Array {
  const { offsets, productRows, instants } = timelines;
  const repeats = new Float64Array(categories.leafOf.length);
  const later = new Float64Array(categories.leafOf.length);
  for (let user = 0; user + 1 < offsets.length; user++) {
    const bought = new Set<number>();
    for (let line = offsets[user]; line < offsets[user + 1]; line++) {
      const isLater = instants[line] > instants[offsets[user]];
      later[productRows[line]] += Number(isLater);
      repeats[productRows[line]] += Number(isLater && bought.has(productRows[line]));
      bought.add(productRows[line]);
    }
  }
  // The prior belongs to a shop without repeats: a few purchases do not change what a list leaves out.
  const prior = { sum: 0, count: 20 };
  const means = shrunkMeans(categories, { sums: repeats, counts: later }, kindStrengths, prior);
  return Uint8Array.from(categories.leafOf, category =>
    Number((category < 0 ? means.shop : means.categories[category]) >= minShare),
  );
}

/**
 * Learns when shoppers buy again. Deterministic by the seed.
 *
 * @param timelines - at least one purchase
 * @param last - instant of the end of the data
 * @throws {GatewayError} CANCELLED
 */
export async function trainBuyAgain(
  timelines: Timelines,
  categories: CategoryTree,
  last: number,
  config: BuyAgainConfig,
  context: TrainContext,
): Promise<Trained> {
  checkCancelled(context);
  const first = timelines.instants.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const coefficients = new Float64Array(periods.length * featureCount);
  let own: Float64Array | null = null;
  let firstCoefficients: Float64Array = new Float64Array();
  for (const [index, period] of periods.entries()) {
    const instants = cutInstants({ first, last }, period.toDay, config);
    const cuts = instants.map(at => ({ at, statistics: productStatisticsAt(timelines, categories, at) }));
    const means: Float64Array = own === null ? priorMeans() : sameHazard(own, periods[0], period);
    own = await fitPeriod(timelines, cuts, period, config, context, means);
    coefficients.set(own, index * featureCount);
    if (index === periods.length - 1)
      firstCoefficients = await fitFirstPurchases(timelines, cuts, config, context);
    context.onProgress(index + 1, periods.length + 1);
  }
  const statistics = productStatisticsAt(timelines, categories, last);
  const repeated = repeatedKinds(timelines, categories, config.minRepeatShare);
  context.onProgress(1, 1);
  return { coefficients, firstCoefficients, statistics, repeated };
}
