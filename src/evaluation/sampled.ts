import { createRng, type Rng } from '../numeric/rng';
import { metricNames, type TieGroup, userMetrics } from './metrics';
import type { Question, Questions } from './questions';

/** The sampled protocol: rank each relevant product among a few others (NCF, He et al. 2017; Kang & McAuley 2018). */
export interface SampledOptions {
  /** Number of other products, drawn uniformly without replacement from those the user does not have in any part. */
  readonly negatives: number;
  readonly seed: number;
}

/**
 * Draws `count` distinct rows that are not forbidden. When hardly more than that are allowed, shuffles all of them
 * instead of drawing until enough are found.
 */
export function drawRows(rng: Rng, size: number, forbidden: ReadonlySet<number>, count: number): Uint32Array {
  if (size - forbidden.size <= 2 * count) {
    const rows = Array.from({ length: size }, (_, row) => row).filter(row => !forbidden.has(row));
    return Uint32Array.from(rng.shuffle(rows).slice(0, count));
  }
  const drawn = new Set<number>();
  while (drawn.size < count) {
    const row = rng.int(size);
    if (!forbidden.has(row)) drawn.add(row);
  }
  return Uint32Array.from(drawn);
}

/**
 * Returns a function that adds negatives to questions. The draws depend on the seed and on the earlier questions, but
 * not on scores, so all models get the same negatives.
 */
export function negativesDrawer(
  { negatives, seed }: SampledOptions,
  catalogueSize: number,
): (question: Question) => Question {
  const rng = createRng(seed);
  return question => {
    const forbidden = new Set([...question.excluded, ...question.relevant]);
    const lists = Array.from(question.relevant, () => drawRows(rng, catalogueSize, forbidden, negatives));
    return { ...question, negatives: lists };
  };
}

/**
 * Returns the minimum, over the questions, of the number of products that negatives can be drawn from: the catalogue without
 * the shopper's training and held-out items. Infinite without questions.
 *
 * @param limit - number of questions that are evaluated
 */
export function minDrawableNegatives(questions: Questions, limit: number): number {
  const size = questions.train.products.size;
  const rows = Int32Array.from({ length: size }, (_, row) => row);
  let min = Number.POSITIVE_INFINITY;
  for (let index = 0; index < Math.min(limit, questions.userRows.length); index++) {
    const { excluded, relevant } = questions.of(index, rows);
    min = Math.min(min, size - new Set([...excluded, ...relevant]).size);
  }
  return min;
}

function groupAmong(scores: Float32Array, row: number, negatives: Uint32Array): TieGroup {
  let above = 0;
  let tied = 1;
  for (const negative of negatives) {
    if (scores[negative] > scores[row]) above++;
    else if (scores[negative] === scores[row]) tied++;
  }
  return { above, tied, relevant: 1 };
}

/**
 * Ranks each relevant product among its own negatives. Returns means over the relevant products, in the order of
 * `metricNames`.
 */
export function sampledMetrics(
  scores: Float32Array,
  relevant: Uint32Array,
  negatives: readonly Uint32Array[],
): readonly number[] {
  const sums = new Float64Array(metricNames.length);
  for (const [index, row] of relevant.entries()) {
    const group = groupAmong(scores, row, negatives[index]);
    for (const [metric, value] of userMetrics([group], 1).entries()) sums[metric] += value;
  }
  return Array.from(sums, sum => sum / relevant.length);
}
