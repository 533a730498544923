import { can } from '../models/capability';
import type { Scorer } from '../models/model';
import type { Vocabulary } from '../snapshot/vocabulary';
import { longestCutoff, metricNames, userMetrics } from './metrics';
import type { Question } from './questions';
import { sampledMetrics } from './sampled';
import { tieGroupsOf, topListOf } from './standing';

/** Metrics of a batch of questions, in the order of the questions. */
export interface Measured {
  /** [questions × metricNames.length] */
  readonly metrics: Float64Array;
  /** The same for the sampled protocol; empty unless requested. */
  readonly sampled: Float64Array;
  /** Catalogue rows of each list, best first, [questions × longestCutoff]; -1 after the end of a short list. */
  readonly topRows: Int32Array;
}

/** Most scores in memory at once: 16 MB. */
const maxScores = 4_194_304;
const maxQuestions = 128;

/** Number of questions per batch for a scorer with this number of products. */
export const batchSizeFor = (products: number): number =>
  Math.max(1, Math.min(maxQuestions, Math.floor(maxScores / Math.max(1, products))));

/** Row in `to` of every row in `from`; -1 where `to` lacks the id. */
export function rowsIn(from: Vocabulary, to: Vocabulary): Int32Array {
  const rows = new Int32Array(from.size);
  for (let row = 0; row < from.size; row++) rows[row] = to.rowOf(from.idOf(row));
  return rows;
}

/** The score of products without a score: below every number, and equal to each other. */
const unscored = Number.NEGATIVE_INFINITY;

function scoreOf(scores: Float32Array, scorerRow: number): number {
  const score = scorerRow >= 0 ? scores[scorerRow] : unscored;
  return Number.isNaN(score) ? unscored : score;
}

/** Copies scores into catalogue order. Products without a score get `unscored`, products that are not ranked NaN. */
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

/** Scores a batch: complements of carts when the scorer has that capability, otherwise the shoppers' preferences. */
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
    if (history.productRows.length > 0) scorer.scoreCartInto(history.productRows, own);
    else own.fill(Number.NaN);
  }
}

/**
 * Returns a function that scores a batch of questions and measures the ranks of the relevant products. Products that the
 * scorer does not know, or scores with NaN, come last with equal ranks. Neighbours that share one history object are scored
 * once.
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
    const isAnother = ({ history }: Question, index: number): boolean =>
      index === 0 || history !== questions[index - 1].history;
    const asked = questions.filter(isAnother);
    if (scores.length < asked.length * size) scores = new Float32Array(asked.length * size);
    const out = scores.subarray(0, asked.length * size);
    scoreBatch(scorer, asked, out);
    const metrics = new Float64Array(questions.length * width);
    const sampled = new Float64Array(questions[0]?.negatives ? metrics.length : 0);
    const topRows = new Int32Array(questions.length * longestCutoff).fill(-1);
    let scored = -1;
    for (const [index, question] of questions.entries()) {
      if (isAnother(question, index)) scored++;
      toCandidates(out.subarray(scored * size, (scored + 1) * size), scorerRows, question, candidates);
      const top = topListOf(candidates);
      topRows.set(top.rows.subarray(0, top.length), index * longestCutoff);
      const { relevant, negatives } = question;
      metrics.set(userMetrics(tieGroupsOf(candidates, relevant, top), relevant.length), index * width);
      if (negatives) sampled.set(sampledMetrics(candidates, relevant, negatives), index * width);
    }
    return { metrics, sampled, topRows };
  };
}
