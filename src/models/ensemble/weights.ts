/** A trial shopper: candidates are the products that a part ranks high, and the held-out ones. */
export interface TrialQuestion {
  /** Standardised scores, [parts × candidates]: candidate c of part p at p·candidates + c. */
  readonly scores: Float32Array;
  readonly candidates: number;
  /** Candidates [0, relevant) are the held-out products; ≥ 1. */
  readonly relevant: number;
}

/** Cutoff of the evaluated lists. */
const cutoff = 20;

/** Weights tried for a part; the largest weight of the others is about 1. */
const steps = [0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5];
const passes = 4;
/** Minimum relative gain of a change: less is noise, and every part costs training time. */
const minGain = 0.002;

/** Sums the parts' scores of one question. */
function combine({ scores, candidates }: TrialQuestion, weights: readonly number[], out: Float64Array): void {
  out.fill(0, 0, candidates);
  for (const [part, weight] of weights.entries()) {
    if (weight === 0) continue;
    const start = part * candidates;
    for (let candidate = 0; candidate < candidates; candidate++) {
      out[candidate] += weight * scores[start + candidate];
    }
  }
}

/** Returns NDCG@20 of one question; ties count as ranked above, so that a constant part gains nothing. */
function ndcgOf({ candidates, relevant }: TrialQuestion, combined: Float64Array): number {
  let gain = 0;
  let ideal = 0;
  for (let found = 0; found < relevant; found++) {
    if (found < cutoff) ideal += 1 / Math.log2(found + 2);
    let rank = 0;
    for (let candidate = 0; candidate < candidates; candidate++) {
      if (combined[candidate] > combined[found]) rank++;
      else if (combined[candidate] === combined[found] && candidate >= relevant) rank++;
    }
    if (rank < cutoff) gain += 1 / Math.log2(rank + 2);
  }
  return gain / ideal;
}

/** Returns the mean NDCG@20 of all questions under some weights. */
function qualityOf(questions: readonly TrialQuestion[], weights: readonly number[]): number {
  const longest = questions.reduce((most, { candidates }) => Math.max(most, candidates), 0);
  const combined = new Float64Array(longest);
  let sum = 0;
  for (const question of questions) {
    combine(question, weights, combined);
    sum += ndcgOf(question, combined);
  }
  return sum / questions.length;
}

/** Weights and their quality. */
export interface Choice {
  /** ≥ 0, one per part. */
  readonly weights: readonly number[];
  /** Mean NDCG@20 among the candidates. */
  readonly quality: number;
}

const withWeight = (weights: readonly number[], part: number, weight: number): readonly number[] =>
  weights.map((other, index) => (index === part ? weight : other));

function bestSingle(questions: readonly TrialQuestion[], fixed: readonly (number | null)[]): Choice {
  const start = fixed.map(weight => weight ?? 0);
  const choices = fixed.flatMap((weight, part) => {
    if (weight !== null) return [];
    const weights = withWeight(start, part, 1);
    return [{ weights, quality: qualityOf(questions, weights) }];
  });
  return choices.reduce((best, choice) => (choice.quality > best.quality ? choice : best));
}

/** Tries every step for every free part, once. */
function onePass(
  questions: readonly TrialQuestion[],
  fixed: readonly (number | null)[],
  from: Choice,
): Choice {
  let best = from;
  for (const [part, weight] of fixed.entries()) {
    if (weight !== null) continue;
    for (const step of steps) {
      const weights = withWeight(best.weights, part, step);
      if (step === best.weights[part] || weights.every(other => other === 0)) continue;
      const quality = qualityOf(questions, weights);
      const isSimpler = step === 0 && quality >= best.quality * (1 - minGain / 2);
      if (isSimpler || quality > best.quality * (1 + minGain)) best = { weights, quality };
    }
  }
  return best;
}

/**
 * Chooses weights by coordinate ascent on NDCG@20 (Metzler & Croft 2007, "Linear feature-based models for
 * information retrieval", §4.3), starting from the best single part. Deterministic.
 *
 * @param questions - at least one
 * @param fixed - a weight that stays as given; null where it is to be chosen (at least one)
 */
export function chooseWeights(
  questions: readonly TrialQuestion[],
  fixed: readonly (number | null)[],
): Choice {
  let best = bestSingle(questions, fixed);
  for (let pass = 0; pass < passes; pass++) {
    const next = onePass(questions, fixed, best);
    if (next.weights === best.weights) return next;
    best = next;
  }
  return best;
}
