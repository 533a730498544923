// One scale for products new to a shopper and products bought before. The log-odds of buying again are those of the part that knows
// repeats. The sum of the parts is mapped to the same scale by two logistic regressions over the trial (Platt 1999,
// "Probabilistic outputs for support vector machines"): of buying a bought product on its log-odds, a + b·l, and of buying
// another one on its sum, c + d·s. Both are about the same shoppers and the same time, so the sum s has the log-odds
// l = (c + d·s − a) / b. Each shopper counts by the reciprocal of their best list's gain, as in NDCG.
//
// An order within a list also depends on how probabilities differ between shoppers, which the regressions do not see. So a
// shift of the sums is tried, and kept where the trial's lists get better by more than noise.
//
// Cost: examples are at most 100 products and all bought ones per shopper of the trial.

import { fitLogistic } from '../../numeric/logisticRidge';
import { bestGain, cutoff } from '../listGain';
import { combineInto, gainByLot, isBetter, meanOf, type TrialQuestion } from './quality';
import type { Repeats } from './repeatOdds';

/** Maps a sum of standardised scores to log-odds of being bought: intercept + slope · sum. */
export interface Blend {
  readonly intercept: number;
  /** > 0. */
  readonly slope: number;
}

/** What a shopper of the trial bought after the cut. */
export interface BoughtLater {
  readonly repeats: Repeats;
  /** 1 for each of the repeats that was bought again. */
  readonly isRepeated: Uint8Array;
  /** 1 for each candidate of the question that was bought. */
  readonly isBought: Uint8Array;
  /** Distinct products bought, at least 1. */
  readonly count: number;
}

/** A question of the trial, and what the shopper bought. */
export interface BlendQuestion {
  readonly question: TrialQuestion;
  readonly later: BoughtLater;
}

/** Scores with labels; products of one shopper. */
interface Labelled {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
}

/** One shopper's products: those to discover with their sums, those bought before with their log-odds. */
interface Shopper {
  readonly discoveries: Labelled;
  readonly repeats: Labelled;
  readonly ideal: number;
}

/** Discoveries of a shopper that take part. */
const maxDiscoveries = 100;
/** Prior of a + b·l: the log-odds as they are. */
const repeatPrior = { means: [0, 1], strengths: [1, 10] } as const;
/** Prior of c + d·s: one in 400 products. */
const discoveryPrior = { means: [-6, 0.2], strengths: [0.1, 1] } as const;
const minSlope = 0.01;
const shifts = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 3, 4];

function shopperOf({ question, later }: BlendQuestion, weights: readonly number[]): Shopper {
  const sums = new Float64Array(question.candidates);
  combineInto(question, weights, sums);
  const pool = [...sums.subarray(0, question.candidates - question.drawn).keys()];
  const best = pool.sort((a, b) => sums[b] - sums[a]).slice(0, maxDiscoveries);
  return {
    discoveries: {
      scores: Float64Array.from(best, candidate => sums[candidate]),
      labels: Uint8Array.from(best, candidate => later.isBought[candidate]),
    },
    repeats: { scores: later.repeats.logOdds, labels: later.isRepeated },
    ideal: bestGain(later.count),
  };
}

/** Fits label = σ(first + second · score). */
function fitLine(
  shoppers: readonly Shopper[],
  labelledOf: (shopper: Shopper) => Labelled,
  prior: { readonly means: readonly number[]; readonly strengths: readonly number[] },
): readonly [number, number] {
  const count = shoppers.reduce((sum, shopper) => sum + labelledOf(shopper).scores.length, 0);
  const rows = new Float64Array(2 * count).fill(1);
  const labels = new Uint8Array(count);
  const weights = new Float64Array(count);
  let example = 0;
  for (const shopper of shoppers) {
    const labelled = labelledOf(shopper);
    for (let index = 0; index < labelled.scores.length; index++, example++) {
      rows[2 * example + 1] = labelled.scores[index];
      labels[example] = labelled.labels[index];
      weights[example] = 1 / shopper.ideal;
    }
  }
  const [means, strengths] = [Float64Array.from(prior.means), Float64Array.from(prior.strengths)];
  const { coefficients } = fitLogistic({ columns: 2, rows, labels, weights }, { means, strengths });
  return [coefficients[0], Math.max(minSlope, coefficients[1])];
}

/** Returns NDCG@20 of a shopper's list of both kinds. */
function qualityOf({ discoveries, repeats, ideal }: Shopper, { intercept, slope }: Blend): number {
  const scores = [...repeats.scores, ...discoveries.scores.map(sum => intercept + slope * sum)];
  const labels = [...repeats.labels, ...discoveries.labels];
  const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, cutoff);
  return order.reduce((gain, at, place) => gain + (labels[at] === 1 ? gainByLot(place, 1) : 0), 0) / ideal;
}

/**
 * Fits the blend of discovery and repeats.
 *
 * @param questions - of shoppers who bought something after the cut
 * @param weights - of the parts
 * @returns null when no shopper had bought anything before the cut
 */
export function fitBlend(questions: readonly BlendQuestion[], weights: readonly number[]): Blend | null {
  const shoppers = questions.map(question => shopperOf(question, weights));
  if (shoppers.every(({ repeats }) => repeats.scores.length === 0)) return null;
  const [a, b] = fitLine(shoppers, ({ repeats }) => repeats, repeatPrior);
  const [c, d] = fitLine(shoppers, ({ discoveries }) => discoveries, discoveryPrior);
  const fitted = { intercept: (c - a) / b, slope: d / b };
  const qualitiesOf = (blend: Blend): Float64Array =>
    Float64Array.from(shoppers, shopper => qualityOf(shopper, blend));
  const before = qualitiesOf(fitted);
  let best = { blend: fitted, qualities: before };
  for (const shift of shifts) {
    const blend = { ...fitted, intercept: fitted.intercept + shift };
    const qualities = qualitiesOf(blend);
    if (meanOf(qualities) > meanOf(best.qualities)) best = { blend, qualities };
  }
  return isBetter(best.qualities, before) ? best.blend : fitted;
}
