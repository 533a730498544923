import { isBetter, meanOf, qualitiesOf, type TrialQuestion } from './quality';

/** Weights tried for a part; the largest weight of the others is about 1. */
const steps = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5];
const passes = 4;
/** Minimum relative gain of a change: less is noise, and every part costs training time. */
const minGain = 0.002;

/** A part, as the choice of weights sees it. */
export interface WeighedPart {
  /** A weight that stays as given; null where it is to be chosen. */
  readonly fixed: number | null;
  /** Whether it gives all shoppers the same list. */
  readonly isPopular: boolean;
}

/** Weights and their quality. */
export interface Choice {
  /** ≥ 0, one per part. */
  readonly weights: readonly number[];
  /** Mean NDCG@20. */
  readonly quality: number;
}

const withWeight = (weights: readonly number[], part: number, weight: number): readonly number[] =>
  weights.map((other, index) => (index === part ? weight : other));

const choiceOf = (questions: readonly TrialQuestion[], weights: readonly number[]): Choice => ({
  weights,
  quality: meanOf(qualitiesOf(questions, weights)),
});

/** Returns each free part alone, with the given weights of the others; the best first. */
function singlesOf(
  questions: readonly TrialQuestion[],
  parts: readonly WeighedPart[],
): readonly (Choice & { readonly isPopular: boolean })[] {
  const start = parts.map(({ fixed }) => fixed ?? 0);
  const singles = parts.flatMap(({ fixed, isPopular }, part) =>
    fixed === null ? [{ ...choiceOf(questions, withWeight(start, part, 1)), isPopular }] : [],
  );
  return singles.sort((a, b) => b.quality - a.quality);
}

/** Tries every step for every free part, once. */
function onePass(questions: readonly TrialQuestion[], parts: readonly WeighedPart[], from: Choice): Choice {
  let best = from;
  for (const [part, { fixed }] of parts.entries()) {
    if (fixed !== null) continue;
    for (const step of steps) {
      const weights = withWeight(best.weights, part, step);
      if (step === best.weights[part] || weights.every(other => other === 0)) continue;
      const choice = choiceOf(questions, weights);
      const isSimpler = step === 0 && choice.quality >= best.quality * (1 - minGain / 2);
      if (isSimpler || choice.quality > best.quality * (1 + minGain)) best = choice;
    }
  }
  return best;
}

function ascend(questions: readonly TrialQuestion[], parts: readonly WeighedPart[], from: Choice): Choice {
  let best = from;
  for (let pass = 0; pass < passes; pass++) {
    const next = onePass(questions, parts, best);
    if (next.weights === best.weights) return next;
    best = next;
  }
  return best;
}

/** A choice and its NDCG@20 per question. */
interface Measured {
  readonly choice: Choice;
  readonly qualities: Float64Array;
}

/**
 * Returns the quality of ascent on questions that it did not see: weights are chosen on each half of the questions, and measured
 * on the other. The same questions would flatter weights that were chosen among hundreds.
 */
function unseenQualities(questions: readonly TrialQuestion[], parts: readonly WeighedPart[]): Float64Array {
  const qualities = new Float64Array(questions.length);
  for (const half of [0, 1]) {
    const seen = questions.filter((_, index) => index % 2 !== half);
    const unseen = questions.filter((_, index) => index % 2 === half);
    const [best] = singlesOf(seen, parts);
    const { weights } = ascend(seen, parts, best);
    for (const [place, quality] of qualitiesOf(unseen, weights).entries())
      qualities[2 * place + half] = quality;
  }
  return qualities;
}

/**
 * Returns the simplest of the choices that no other one beats by more than noise: the same list for everybody before one part, and
 * one part before a sum.
 */
function simplestOf(
  questions: readonly TrialQuestion[],
  sum: Measured,
  singles: readonly (Choice & { readonly isPopular: boolean })[],
): Choice {
  let kept = sum;
  for (const isPopular of [false, true]) {
    const single = singles.find(other => other.isPopular === isPopular);
    if (single === undefined) continue;
    const { weights, quality } = single;
    const simpler = { choice: { weights, quality }, qualities: qualitiesOf(questions, weights) };
    if (!isBetter(kept.qualities, simpler.qualities)) kept = simpler;
  }
  return kept.choice;
}

/**
 * Chooses weights by coordinate ascent on NDCG@20 (Metzler & Croft 2007, "Linear feature-based models for
 * information retrieval", §4.3), starting from the best single part. Where every weight is free, one part alone, or one list for
 * everybody, is preferred to a sum that is not better by more than noise on questions it did not see. Deterministic.
 *
 * Cost: passes × parts × steps sums over all questions, twice.
 *
 * @param questions - at least one, each with a relevant product
 * @param parts - at least one with a free weight
 */
export function chooseWeights(questions: readonly TrialQuestion[], parts: readonly WeighedPart[]): Choice {
  const singles = singlesOf(questions, parts);
  const [{ weights, quality }] = singles;
  const sum = ascend(questions, parts, { weights, quality });
  const isAlone = sum.weights.filter(weight => weight > 0).length < 2 || questions.length < 2;
  const isFree = parts.every(({ fixed }) => fixed === null);
  if (!isFree) return sum;
  const qualities = isAlone ? qualitiesOf(questions, sum.weights) : unseenQualities(questions, parts);
  return simplestOf(questions, { choice: sum, qualities }, singles);
}
