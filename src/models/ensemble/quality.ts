// NDCG@20 of a sum of parts over the questions of a trial.

import { bestGain, cutoff, gainOfTies } from '../listGain';

/** What one shopper of a trial chose. Candidates are products that a part ranks high, the chosen ones, and some others. */
export interface TrialQuestion {
  /** Standardised scores, [parts × candidates]: candidate c of part p at p·candidates + c. */
  readonly scores: Float32Array;
  readonly candidates: number;
  /** Candidates [0, relevant) are the held-out products. */
  readonly relevant: number;
  /** The last `drawn` candidates are drawn from the rest of the catalogue. */
  readonly drawn: number;
  /** Products of the rest that each drawn candidate stands for. */
  readonly drawnWeight: number;
}

/**
 * Returns the mean discount of the places after `above` products that a group of equal scores shares by lot. Both are estimates where drawn
 * candidates stand for others, so they are rounded to places.
 */
export function gainByLot(above: number, group: number): number {
  const first = Math.round(above);
  return gainOfTies(first, Math.round(above + group) - first);
}

/** Writes the sums of the parts' scores of one question. */
export function combineInto(
  { scores, candidates }: TrialQuestion,
  weights: readonly number[],
  out: Float64Array,
): void {
  out.fill(0, 0, candidates);
  for (const [part, weight] of weights.entries()) {
    if (weight === 0) continue;
    const start = part * candidates;
    for (let candidate = 0; candidate < candidates; candidate++) {
      out[candidate] += weight * scores[start + candidate];
    }
  }
}

/**
 * Returns NDCG@20 of one question by the sums rest + weight · scores of one part; equal sums have the value of a lot among the whole
 * catalogue. Candidates that are likely to be first should come first: counting ends where a product has no place in the list.
 */
function ndcgOf(question: TrialQuestion, rest: Float64Array, part: number, weight: number): number {
  const { scores, candidates, relevant, drawn, drawnWeight } = question;
  const [firstDrawn, start] = [candidates - drawn, part * candidates];
  let gain = 0;
  for (let found = 0; found < relevant; found++) {
    const own = rest[found] + weight * scores[start + found];
    let [above, tied] = [0, 0];
    for (let candidate = 0; candidate < candidates && above < cutoff; candidate++) {
      const sum = rest[candidate] + weight * scores[start + candidate];
      if (sum < own) continue;
      const count = candidate < firstDrawn ? 1 : drawnWeight;
      if (sum > own) above += count;
      else tied += count;
    }
    gain += gainByLot(above, tied);
  }
  return gain / bestGain(relevant);
}

/** Returns NDCG@20 of every question under some weights. @param questions - each with a relevant product */
export function qualitiesOf(questions: readonly TrialQuestion[], weights: readonly number[]): Float64Array {
  const longest = questions.reduce((most, { candidates }) => Math.max(most, candidates), 0);
  const combined = new Float64Array(longest);
  return Float64Array.from(questions, question => {
    combineInto(question, weights, combined);
    return ndcgOf(question, combined, 0, 0);
  });
}

/**
 * Returns what gives the mean NDCG@20 for each weight of one part, with the weights of the others as they are. The sums of the others
 * are made once.
 */
export function qualityByWeight(
  questions: readonly TrialQuestion[],
  weights: readonly number[],
  part: number,
): (weight: number) => number {
  const others = weights.with(part, 0);
  const rests = questions.map(question => {
    const rest = new Float64Array(question.candidates);
    combineInto(question, others, rest);
    return rest;
  });
  return weight =>
    questions.reduce((sum, question, index) => sum + ndcgOf(question, rests[index], part, weight), 0) /
    questions.length;
}

/** Returns the mean of some values; NaN without any. */
export const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Paired gain that counts as noise, in standard errors. */
const noiseErrors = 0.5;

/**
 * Returns whether the first of two qualities per question is higher by more than noise.
 *
 * @param errors - paired gain that counts as noise, in standard errors: more where the first is the best of many
 */
export function isBetter(first: Float64Array, second: Float64Array, errors = noiseErrors): boolean {
  const gains = first.map((value, index) => value - second[index]);
  const mean = meanOf(gains);
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  const error = Math.sqrt(squares / Math.max(1, gains.length - 1) / Math.max(1, gains.length));
  return mean > errors * error;
}
