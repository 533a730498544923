import { isBetter, meanOf, qualitiesOf, qualityByWeight, type TrialQuestion } from './quality';

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
    fixed === null ? [{ ...choiceOf(questions, start.with(part, 1)), isPopular }] : [],
  );
  return singles.sort((a, b) => b.quality - a.quality);
}

/** Reports a share of the work, and lets others run. @throws {GatewayError} CANCELLED */
type Step = (share: number) => Promise<void>;

/** Returns the best weight of one part, with the weights of the others as they are. */
function bestWeightOf(questions: readonly TrialQuestion[], from: Choice, part: number): Choice {
  const qualityOf = qualityByWeight(questions, from.weights, part);
  const isAlone = from.weights.every((weight, other) => other === part || weight === 0);
  let best = from;
  for (const step of steps) {
    if (step === from.weights[part] || (step === 0 && isAlone)) continue;
    const quality = qualityOf(step);
    const isSimpler = step === 0 && quality >= best.quality * (1 - minGain / 2);
    if (isSimpler || quality > best.quality * (1 + minGain))
      best = { weights: from.weights.with(part, step), quality };
  }
  return best;
}

async function ascend(
  questions: readonly TrialQuestion[],
  parts: readonly WeighedPart[],
  from: Choice,
  onStep: Step,
): Promise<Choice> {
  let best = from;
  for (let pass = 0; pass < passes; pass++) {
    const before = best;
    for (const [part, { fixed }] of parts.entries()) {
      await onStep((pass + part / parts.length) / passes);
      if (fixed === null) best = bestWeightOf(questions, best, part);
    }
    if (best.weights === before.weights) break;
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
async function unseenQualities(
  questions: readonly TrialQuestion[],
  parts: readonly WeighedPart[],
  onStep: Step,
): Promise<Float64Array> {
  const qualities = new Float64Array(questions.length);
  for (const half of [0, 1]) {
    const seen = questions.filter((_, index) => index % 2 !== half);
    const unseen = questions.filter((_, index) => index % 2 === half);
    const [best] = singlesOf(seen, parts);
    const { weights } = await ascend(seen, parts, best, share => onStep((half + share) / 2));
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
 * Cost: passes × parts × (parts + steps) sums over all questions at most, twice.
 *
 * @param questions - at least one, each with a relevant product
 * @param parts - at least one with a free weight
 * @param onStep - called often with the share of the work that is done
 * @throws whatever `onStep` throws
 */
export async function chooseWeights(
  questions: readonly TrialQuestion[],
  parts: readonly WeighedPart[],
  onStep: Step = async () => undefined,
): Promise<Choice> {
  const singles = singlesOf(questions, parts);
  const [{ weights, quality }] = singles;
  const sum = await ascend(questions, parts, { weights, quality }, share => onStep(share / 2));
  const isAlone = sum.weights.filter(weight => weight > 0).length < 2 || questions.length < 2;
  const isFree = parts.every(({ fixed }) => fixed === null);
  if (!isFree) return sum;
  const qualities = isAlone
    ? qualitiesOf(questions, sum.weights)
    : await unseenQualities(questions, parts, share => onStep((1 + share) / 2));
  return simplestOf(questions, { choice: sum, qualities }, singles);
}
