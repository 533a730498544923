import { can } from '../models/capability';
import type { Scorer } from '../models/model';
import type { Vocabulary } from '../snapshot/vocabulary';
import { longestCutoff, metricNames, userMetrics } from './metrics';
import type { Question } from './questions';
import { sampledMetrics } from './sampled';
import { tieGroupsOf, topListOf } from './standing';

/** What came of some questions, in their order. */
export interface Measured {
  /** [questions × metricNames.length] */
  readonly metrics: Float64Array;
  /** The same of the sampled protocol; empty where it was not asked for. */
  readonly sampled: Float64Array;
  /** Catalogue rows of each list, best first, [questions × longestCutoff]; -1 behind the end of a short one. */
  readonly topRows: Int32Array;
}

/** Most scores in memory at once: 16 MB. */
const scoresAtOnce = 4_194_304;
const questionsAtOnce = 128;

/** How many questions to put to a scorer of that many products at once. */
export const batchSizeFor = (products: number): number =>
  Math.max(1, Math.min(questionsAtOnce, Math.floor(scoresAtOnce / Math.max(1, products))));

/** Row in `to` of every row in `from`; -1 where `to` has no such id. */
export function rowsIn(from: Vocabulary, to: Vocabulary): Int32Array {
  const rows = new Int32Array(from.size);
  for (let row = 0; row < from.size; row++) rows[row] = to.rowOf(from.idOf(row));
  return rows;
}

/** Stands for what the scorer has no number for: below every number, and all alike. */
const unscored = Number.NEGATIVE_INFINITY;

function scoreOf(scores: Float32Array, scorerRow: number): number {
  const score = scorerRow >= 0 ? scores[scorerRow] : unscored;
  return Number.isNaN(score) ? unscored : score;
}

/** Copies a scorer's row into catalogue order; what it has no number for is unscored, what is not ranked NaN. */
function toCandidates(
  scores: Float32Array,
  scorerRows: Int32Array,
  { candidates, relevant, excluded }: Question,
  out: Float32Array,
): void {
  if (candidates) {
    out.fill(Number.NaN);
    for (const row of candidates) out[row] = scoreOf(scores, scorerRows[row]);
    for (const row of relevant) out[row] = scoreOf(scores, scorerRows[row]);
    return;
  }
  for (let row = 0; row < out.length; row++) out[row] = scoreOf(scores, scorerRows[row]);
  for (const row of excluded) out[row] = Number.NaN;
}

/** Scores of a batch: complements of carts from a scorer that knows them, otherwise what each shopper would like. */
function scoreBatch(scorer: Scorer, questions: readonly Question[], out: Float32Array): void {
  const size = scorer.products.size;
  if (!questions[0]?.isCart || !can(scorer, 'complements')) {
    scorer.scoreInto(
      questions.map(question => question.history),
      out,
    );
    return;
  }
  for (const [index, { history }] of questions.entries()) {
    const own = out.subarray(index * size, (index + 1) * size);
    if (history.productRows.length > 0) scorer.complementsInto(history.productRows, own);
    else own.fill(Number.NaN);
  }
}

/**
 * A function that puts a batch of questions to a scorer and measures where the relevant products stand. Products the
 * scorer does not know, or says NaN for, come last, all equal.
 */
export function measurer(
  scorer: Scorer,
  scorerRows: Int32Array,
): (questions: readonly Question[]) => Measured {
  const size = scorer.products.size;
  const width = metricNames.length;
  const candidates = new Float32Array(scorerRows.length);
  let scores = new Float32Array(0);
  return questions => {
    if (scores.length < questions.length * size) scores = new Float32Array(questions.length * size);
    const out = scores.subarray(0, questions.length * size);
    scoreBatch(scorer, questions, out);
    const metrics = new Float64Array(questions.length * width);
    const sampled = new Float64Array(questions[0]?.negatives ? metrics.length : 0);
    const topRows = new Int32Array(questions.length * longestCutoff).fill(-1);
    for (const [index, question] of questions.entries()) {
      toCandidates(out.subarray(index * size, (index + 1) * size), scorerRows, question, candidates);
      const top = topListOf(candidates);
      topRows.set(top.rows.subarray(0, top.length), index * longestCutoff);
      const { relevant, negatives } = question;
      metrics.set(userMetrics(tieGroupsOf(candidates, relevant, top), relevant.length), index * width);
      if (negatives) sampled.set(sampledMetrics(candidates, relevant, negatives), index * width);
    }
    return { metrics, sampled, topRows };
  };
}
