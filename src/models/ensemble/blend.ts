// One scale for products new to a shopper and products bought before. The log-odds of buying again are those of the part that knows
// repeats. The sum of the parts is mapped to the same scale by two logistic regressions over the trial (Platt 1999,
// "Probabilistic outputs for support vector machines"): of buying a bought product on its log-odds, a + b·l, and of buying
// another one on its sum and on how much the shopper buys that is new to them, c + d·s + e·f: sums are standardised for each shopper, so
// they do not know that. Both are about the same shoppers and the same time, so the sum s has the log-odds
// l = (c + d·s + e·f − a) / b. Each shopper counts by the reciprocal of their best list's gain, as in NDCG.
//
// What a shopper viewed and did not buy has its sum like a new product, or log-odds of its own (revisits.ts), whichever makes better
// lists of what the shop's shoppers do: purchases, or all that they like where few buy.
//
// An order within a list also depends on how probabilities differ between shoppers, which the regressions do not see. So a
// shift of the sums is tried, and kept where the trial's lists get better by more than noise.
//
// Last, the list is compared with those that the parts make of all products by themselves. With the best of these, what a shopper met has
// the part's own score, and what is new to them the sum, both in standard deviations from the mean of the hundred best new products: the
// part's list, in which the sum says which new products take the places of new ones. For the part alone it is the part's own list.
//
// Cost: examples are at most 100 products and all bought ones per shopper of the trial.

import { fitLogistic } from '../../numeric/logisticRidge';
import { topK } from '../../numeric/topK';
import { bestGain, cutoff } from '../listGain';
import { combineInto, gainByLot, isBetter, meanOf, type TrialQuestion } from './quality';
import type { Repeats } from './repeatOdds';
import { type RevisitLine, revisitColumns, revisitLogOdds } from './revisits';
import { standardOfBest } from './standardize';

/** Maps a sum of standardised scores to log-odds of being bought: intercept + slope · sum + level · f. */
export interface Blend {
  readonly intercept: number;
  /** > 0. */
  readonly slope: number;
  /** Of the shopper's log-odds of a first purchase, f (`firstPurchaseOf`); 0 where all shoppers have one intercept. */
  readonly level: number;
  /** Log-odds of products that were met (revisits.ts); null where those that were not bought have sums, too. */
  readonly revisits: RevisitLine | null;
  /** Index of the part whose own scores rank what was met; absent where none does. The other fields say nothing then. */
  readonly own?: number;
}

/** Products that a shopper of the trial had met and liked. */
export interface Revisits {
  /** Standardised scores, [parts × entries]. */
  readonly scores: Float32Array;
  /** [entries × revisitColumns] */
  readonly columns: Float64Array;
  /** 1 for each that was chosen after the cut. */
  readonly isChosen: Uint8Array;
}

/** What a shopper of the trial chose after the cut: bought, or liked. */
export interface ChosenLater {
  readonly repeats: Repeats;
  /** The shopper's log-odds of a first purchase. */
  readonly firstPurchase: number;
  /** 1 for each of the repeats that was chosen again. */
  readonly isRepeated: Uint8Array;
  /** Products that were not bought. */
  readonly viewed: Revisits;
  /** All of them. */
  readonly met: Revisits;
  /** 1 for each candidate of the question that was chosen. */
  readonly isChosen: Uint8Array;
  /** Distinct products chosen, at least 1. */
  readonly count: number;
}

/** A question of the trial, and what the shopper chose. */
export interface BlendQuestion {
  readonly question: TrialQuestion;
  readonly later: ChosenLater;
}

/** Scores with labels; products of one shopper. */
interface Labelled {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
}

/** One shopper's products: those to discover with their sums, those bought before with their log-odds. */
interface Shopper {
  readonly firstPurchase: number;
  readonly discoveries: Labelled;
  readonly repeats: Labelled;
  /** The other products that were met, with their sums. */
  readonly revisits: Labelled & Pick<Revisits, 'columns'>;
  readonly ideal: number;
}

/** Discoveries of a shopper that take part, and best new products over which sums and a part's own scores are measured. */
export const maxDiscoveries = 100;
/** Prior of a + b·l: the log-odds as they are. */
const repeatPrior = { means: [0, 1], strengths: [1, 10] } as const;
/** Prior of c + d·s + e·(f − mean f): one in 400 products, and differences between shoppers as they are. */
const discoveryPrior = { means: [-6, 0.2, 1], strengths: [0.1, 1, 10] } as const;
/** Prior of revisits: one in 55. */
const revisitPrior = { means: [-4, 0, 0, 0], strengths: [0.1, 1, 1, 1] } as const;
const minSlope = 0.01;
/** Gain that counts as noise, in standard errors: the best of many shifts is better by chance. */
const noiseErrors = 1;
const shifts = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2, 3, 4];

const nothing: Labelled = { scores: new Float64Array(), labels: new Uint8Array() };

/** Returns the sums of the parts' scores of products that the shopper had met. */
function sumsOf({ scores, isChosen: { length } }: Revisits, weights: readonly number[]): Float64Array {
  const sums = new Float64Array(length);
  for (const [part, weight] of weights.entries())
    for (let entry = 0; entry < length; entry++) sums[entry] += weight * scores[part * length + entry];
  return sums;
}

/** Returns the sums of a question's candidates, and those of the best that were not drawn, best first. */
function bestSums(
  question: TrialQuestion,
  weights: readonly number[],
): { readonly best: readonly number[]; readonly scores: Float64Array } {
  const sums = new Float64Array(question.candidates);
  combineInto(question, weights, sums);
  const pool = [...sums.subarray(0, question.candidates - question.drawn).keys()];
  const best = pool.sort((a, b) => sums[b] - sums[a]).slice(0, maxDiscoveries);
  return { best, scores: Float64Array.from(best, candidate => sums[candidate]) };
}

/** @param covers - `met`: no product is a repeat */
function shopperOf(
  { question, later }: BlendQuestion,
  weights: readonly number[],
  covers: RevisitLine['covers'],
): Shopper {
  const { best, scores } = bestSums(question, weights);
  const revisits = later[covers];
  return {
    firstPurchase: later.firstPurchase,
    discoveries: {
      scores,
      labels: Uint8Array.from(best, candidate => later.isChosen[candidate]),
    },
    repeats: covers === 'met' ? nothing : { scores: later.repeats.logOdds, labels: later.isRepeated },
    revisits: { scores: sumsOf(revisits, weights), columns: revisits.columns, labels: revisits.isChosen },
    ideal: bestGain(later.count),
  };
}

/**
 * Fits label = σ(β₀ + β₁ · score + …), with more columns that are the same for all products of a shopper; β₁ > 0.
 *
 * @param prior - one entry per column
 */
function fitLine(
  shoppers: readonly Shopper[],
  labelledOf: (shopper: Shopper) => Labelled,
  prior: { readonly means: readonly number[]; readonly strengths: readonly number[] },
  sharedOf: (shopper: Shopper) => readonly number[] = () => [],
): Float64Array {
  const columns = prior.means.length;
  const count = shoppers.reduce((sum, shopper) => sum + labelledOf(shopper).scores.length, 0);
  const rows = new Float64Array(columns * count).fill(1);
  const labels = new Uint8Array(count);
  const weights = new Float64Array(count);
  let example = 0;
  for (const shopper of shoppers) {
    const labelled = labelledOf(shopper);
    const shared = sharedOf(shopper);
    for (let index = 0; index < labelled.scores.length; index++, example++) {
      rows[columns * example + 1] = labelled.scores[index];
      rows.set(shared, columns * example + 2);
      labels[example] = labelled.labels[index];
      weights[example] = 1 / shopper.ideal;
    }
  }
  const [means, strengths] = [Float64Array.from(prior.means), Float64Array.from(prior.strengths)];
  const { coefficients } = fitLogistic({ columns, rows, labels, weights }, { means, strengths });
  coefficients[1] = Math.max(minSlope, coefficients[1]);
  return coefficients;
}

/** Fits the log-odds that what a shopper met is chosen again. */
function fitRevisits(shoppers: readonly Shopper[]): Float64Array {
  const count = shoppers.reduce((sum, { revisits }) => sum + revisits.labels.length, 0);
  const rows = new Float64Array(count * revisitColumns);
  const labels = new Uint8Array(count);
  const weights = new Float64Array(count);
  let example = 0;
  for (const { revisits, ideal } of shoppers) {
    rows.set(revisits.columns, example * revisitColumns);
    labels.set(revisits.labels, example);
    weights.fill(1 / ideal, example, example + revisits.labels.length);
    example += revisits.labels.length;
  }
  const [means, strengths] = [
    Float64Array.from(revisitPrior.means),
    Float64Array.from(revisitPrior.strengths),
  ];
  return fitLogistic({ columns: revisitColumns, rows, labels, weights }, { means, strengths }).coefficients;
}

/** Sums as they are, for all products. */
const plain: Blend = { intercept: 0, slope: 1, level: 0, revisits: null };

/** Writes the scores of a shopper's repeats, of what else they met, and of discoveries, in this order. */
function scoresInto(
  { discoveries, repeats, revisits, firstPurchase }: Shopper,
  { intercept, slope, level, revisits: line }: Blend,
  out: Float32Array,
): void {
  const start = intercept + level * firstPurchase;
  out.set(repeats.scores);
  let at = repeats.scores.length;
  for (let entry = 0; entry < revisits.scores.length; entry++, at++) {
    out[at] =
      line === null
        ? start + slope * revisits.scores[entry]
        : revisitLogOdds(line.coefficients, revisits.columns, entry * revisitColumns);
  }
  for (let entry = 0; entry < discoveries.scores.length; entry++, at++)
    out[at] = start + slope * discoveries.scores[entry];
}

/** Returns NDCG@20 of a shopper's list of all kinds. */
function qualityOf(shopper: Shopper, blend: Blend): number {
  const { discoveries, repeats, revisits, ideal } = shopper;
  const [first, second] = [repeats.labels.length, repeats.labels.length + revisits.labels.length];
  const scores = new Float32Array(second + discoveries.labels.length);
  scoresInto(shopper, blend, scores);
  const { rows, length } = topK(scores, cutoff);
  let gain = 0;
  for (let place = 0; place < length; place++) {
    const row = rows[place];
    let label = discoveries.labels[row - second];
    if (row < second) label = row < first ? repeats.labels[row] : revisits.labels[row - first];
    gain += label * gainByLot(place, 1);
  }
  return gain / ideal;
}

const qualitiesUnder = (shoppers: readonly Shopper[], blend: Blend): Float64Array =>
  Float64Array.from(shoppers, shopper => qualityOf(shopper, blend));

/** Returns the line of discoveries, c + d·s + e·f, with and without e. */
function discoveryLines(shoppers: readonly Shopper[]): readonly Omit<Blend, 'revisits'>[] {
  const levels = Float64Array.from(shoppers, ({ firstPurchase }) => firstPurchase);
  const mean = meanOf(levels);
  const labelledOf = ({ discoveries }: Shopper): Labelled => discoveries;
  const { means, strengths } = discoveryPrior;
  const plainPrior = { means: means.slice(0, 2), strengths: strengths.slice(0, 2) };
  const [intercept, slope] = fitLine(shoppers, labelledOf, plainPrior);
  const lines = [{ intercept, slope, level: 0 }];
  if (levels.every(own => own === levels[0])) return lines;
  const [c, d, e] = fitLine(shoppers, labelledOf, discoveryPrior, ({ firstPurchase }) => [
    firstPurchase - mean,
  ]);
  return [...lines, { intercept: c - e * mean, slope: d, level: e }];
}

/** Whether the log-odds of revisits cover what a shopper met; null: sums. */
type Covers = RevisitLine['covers'] | null;

/**
 * Returns the regressions on one scale. A level of the shopper and a shift of the sums are kept where they make better lists by more
 * than noise.
 */
function fitShoppers(shoppers: readonly Shopper[], covers: Covers): Blend {
  const isRepeating = shoppers.some(({ repeats }) => repeats.scores.length > 0);
  const [a, b] = isRepeating ? fitLine(shoppers, ({ repeats }) => repeats, repeatPrior) : [0, 1];
  const scaled = (value: number, column: number): number => (column === 0 ? value - a : value) / b;
  const revisits = covers && { covers, coefficients: fitRevisits(shoppers).map(scaled) };
  const fitted = discoveryLines(shoppers).map(
    ({ intercept, slope, level }): Blend => ({
      intercept: (intercept - a) / b,
      slope: slope / b,
      level: level / b,
      revisits,
    }),
  );
  const measure = (blend: Blend) => ({ blend, qualities: qualitiesUnder(shoppers, blend) });
  const [first, ...others] = fitted.flatMap(blend =>
    [0, ...shifts].map(shift => measure({ ...blend, intercept: blend.intercept + shift })),
  );
  const meanQuality = ({ qualities }: { readonly qualities: Float64Array }): number => meanOf(qualities);
  const best = others.reduce((kept, other) => (meanQuality(other) > meanQuality(kept) ? other : kept), first);
  return isBetter(best.qualities, first.qualities, noiseErrors) ? best.blend : first.blend;
}

/** Maps scores to standard deviations from the mean of the best new products. */
function standardised(scores: Float64Array, ofNew: Float64Array): Float64Array {
  const standard = standardOfBest(Float32Array.from(ofNew), ofNew.length, () => 0);
  return standard === null ? scores : scores.map(score => score * standard.scale + standard.shift);
}

/** Returns a shopper whose discoveries have sums, and for whom one part's own scores rank what they met. */
function ownShopperOf(asked: BlendQuestion, weights: readonly number[], own: number): Shopper {
  const shopper = shopperOf(asked, weights, 'met');
  const alone = weights.map((_, part) => Number(part === own));
  const ofPart = bestSums(asked.question, alone).scores;
  const { discoveries, revisits } = shopper;
  return {
    ...shopper,
    discoveries: { ...discoveries, scores: standardised(discoveries.scores, discoveries.scores) },
    revisits: { ...revisits, scores: standardised(sumsOf(asked.later.met, alone), ofPart) },
  };
}

/** Returns the blend with the part whose own lists of all products are best, and the qualities of its lists. */
function ownBlendOf(
  asked: readonly BlendQuestion[],
  weights: readonly number[],
): { readonly blend: Blend; readonly qualities: Float64Array } {
  const qualitiesOf = (own: number, used: readonly number[]): Float64Array =>
    qualitiesUnder(
      asked.map(question => ownShopperOf(question, used, own)),
      plain,
    );
  const alone = weights.map((_, own) =>
    meanOf(
      qualitiesOf(
        own,
        weights.map((_weight, part) => Number(part === own)),
      ),
    ),
  );
  const own = alone.indexOf(Math.max(...alone));
  return { blend: { ...plain, own }, qualities: qualitiesOf(own, weights) };
}

/**
 * Fits the blend of discovery and repeats, in which what was met and not bought has sums. Then tries others on what the shop's
 * shoppers do, and keeps one where its lists are better by more than noise: what was met gets log-odds of its own, if it was not
 * bought, or all of it, or the scores of the part that makes the best lists of all products by itself.
 *
 * @param bought - questions about purchases, of shoppers who bought something after the cut
 * @param asked - questions about what the shop's shoppers do: the same ones, or about all that they liked
 * @param weights - of the parts
 * @returns null when sums of all products are best
 */
export function chooseBlend(
  bought: readonly BlendQuestion[],
  asked: readonly BlendQuestion[],
  weights: readonly number[],
): Blend | null {
  const shoppersOf = (questions: readonly BlendQuestion[], covers: Covers): readonly Shopper[] =>
    questions.map(question => shopperOf(question, weights, covers ?? 'viewed'));
  const buyers = shoppersOf(bought, null);
  const isRepeating = buyers.some(({ repeats }) => repeats.scores.length > 0);
  const former = isRepeating ? fitShoppers(buyers, null) : null;
  const others: readonly Covers[] = asked === bought ? ['viewed', 'met'] : [null, 'viewed', 'met'];
  let kept = { blend: former, qualities: qualitiesUnder(shoppersOf(asked, null), former ?? plain) };
  for (const covers of others) {
    const shoppers = shoppersOf(asked, covers);
    const isMet = ({ repeats, revisits }: Shopper): boolean =>
      (covers === null ? repeats : revisits).labels.length > 0;
    if (!shoppers.some(isMet)) continue;
    const blend = fitShoppers(shoppers, covers);
    const qualities = qualitiesUnder(shoppers, blend);
    if (isBetter(qualities, kept.qualities, noiseErrors)) kept = { blend, qualities };
  }
  if (asked.length === 0) return kept.blend;
  const own = ownBlendOf(asked, weights);
  return isBetter(own.qualities, kept.qualities, noiseErrors) ? own.blend : kept.blend;
}
