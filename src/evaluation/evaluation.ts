import { GatewayError } from '../domain/errors';
import type { Scorer } from '../models/model';
import { pause } from '../numeric/pause';
import type { Split } from '../snapshot/split';
import { batchSizeFor, type Measured, measurer, rowsIn } from './measure';
import { longestCutoff, type MetricName, metricNames } from './metrics';
import { type Question, type Questions, questionsOfSplit } from './questions';
import { negativesDrawer, type SampledOptions } from './sampled';

/** Metrics of every evaluated user, and their means. */
export interface Measurement {
  /** Rows of the users in the snapshot, ascending; per-user values are in this order. */
  readonly userRows: Uint32Array;
  readonly perUser: ReadonlyMap<MetricName, Float64Array>;
  /** Means over users with equal weights. NaN without users. */
  readonly means: Readonly<Record<MetricName, number>>;
  /** Standard error of each mean: σ/√users, σ with users - 1. NaN under two users. */
  readonly standardErrors: Readonly<Record<MetricName, number>>;
}

/** The result of evaluating a scorer. */
export interface Evaluation {
  readonly users: number;
  /** Number of products in the catalogue. */
  readonly items: number;
  /** Ranked among the full catalogue, or among the candidates of the question. */
  readonly full: Measurement;
  /** Share of the catalogue that is in the first 20 of at least one user. */
  readonly coverage: number;
  /** Ranked among a few random products; not comparable with `full`. Null unless requested. */
  readonly sampled: Measurement | null;
  /** Catalogue rows of each user's list, best first, [users × longestCutoff]; -1 after the end of a short list. */
  readonly topRows: Int32Array;
}

/** How to evaluate. */
export interface EvaluationOptions {
  /** At most this many users, those with the lowest rows. All when left out. */
  readonly limitUsers?: number;
  readonly sampled?: SampledOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: (usersDone: number, users: number) => void;
}

/** Scores and measures batches of questions, on this thread or on several. */
export interface Answerer {
  /** Row in the scorer of every catalogue row, -1 where it has none. */
  readonly scorerRows: Int32Array;
  /** Questions in a batch. */
  readonly batchSize: number;
  /** Number of batches per call of `answer`. */
  readonly atOnce: number;
  /** Returns the measurements of each batch. */
  answer(batches: readonly (readonly Question[])[]): Promise<readonly Measured[]>;
}

/** Returns an answerer that works on this thread. */
export function answererOf(scorer: Scorer, { train }: Pick<Questions, 'train'>): Answerer {
  const scorerRows = rowsIn(train.products, scorer.products);
  const measure = measurer(scorer, scorerRows);
  return {
    scorerRows,
    batchSize: batchSizeFor(scorer.products.size),
    atOnce: 1,
    answer: async batches => batches.map(measure),
  };
}

/** Summarizes the metrics of users. @param metrics - [users × metricNames.length] */
export function measurementOf(userRows: Uint32Array, metrics: Float64Array): Measurement {
  const count = userRows.length;
  const width = metricNames.length;
  const perUser = new Map<MetricName, Float64Array>();
  const means: [MetricName, number][] = [];
  const errors: [MetricName, number][] = [];
  for (const [index, name] of metricNames.entries()) {
    const values = Float64Array.from(userRows, (_, user) => metrics[user * width + index]);
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    perUser.set(name, values);
    means.push([name, mean]);
    errors.push([name, Math.sqrt(squares / (count - 1) / count)]);
  }
  return {
    userRows,
    perUser,
    means: Object.fromEntries(means) as Record<MetricName, number>,
    standardErrors: Object.fromEntries(errors) as Record<MetricName, number>,
  };
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new GatewayError(
      'CANCELLED',
      'Expected the evaluation to finish; got a cancellation. Start it again.',
    );
}

/** Returns the share of the catalogue that is in at least one list. @param topRows - -1 after the end of a short list */
export function coverageOf(topRows: Int32Array, catalogueSize: number): number {
  const isRecommended = new Uint8Array(catalogueSize);
  for (const row of topRows) if (row >= 0) isRecommended[row] = 1;
  return isRecommended.reduce((count, flag) => count + flag, 0) / catalogueSize;
}

/** Questions [start, end) in batches. */
function batchesOf(ask: (index: number) => Question, start: number, end: number, size: number): Question[][] {
  const batches: Question[][] = [];
  for (let from = start; from < end; from += size) {
    batches.push(Array.from({ length: Math.min(size, end - from) }, (_, index) => ask(from + index)));
  }
  return batches;
}

/**
 * Asks all questions and measures the ranks of the held-out products. The numbers do not depend on the number of
 * threads.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function evaluateQuestions(
  questions: Questions,
  answerer: Answerer,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const catalogueSize = questions.train.products.size;
  const count = Math.min(questions.userRows.length, options.limitUsers ?? Number.POSITIVE_INFINITY);
  const draw = options.sampled ? negativesDrawer(options.sampled, catalogueSize) : undefined;
  const ask = (index: number): Question => {
    const question = questions.of(index, answerer.scorerRows);
    return draw ? draw(question) : question;
  };
  const width = metricNames.length;
  const metrics = new Float64Array(count * width);
  const sampled = new Float64Array(draw ? count * width : 0);
  const topRows = new Int32Array(count * longestCutoff);
  const step = answerer.batchSize * answerer.atOnce;
  for (let start = 0; start < count; start += step) {
    checkSignal(options.signal);
    const end = Math.min(start + step, count);
    const answers = await answerer.answer(batchesOf(ask, start, end, answerer.batchSize));
    for (const [batch, answer] of answers.entries()) {
      const first = start + batch * answerer.batchSize;
      metrics.set(answer.metrics, first * width);
      if (draw) sampled.set(answer.sampled, first * width);
      topRows.set(answer.topRows, first * longestCutoff);
    }
    options.onProgress?.(end, count);
    await pause();
  }
  const userRows = questions.userRows.subarray(0, count);
  return {
    users: count,
    items: catalogueSize,
    full: measurementOf(userRows, metrics),
    coverage: coverageOf(topRows, catalogueSize),
    sampled: draw ? measurementOf(userRows, sampled) : null,
    topRows,
  };
}

/**
 * Ranks the held-out products of every user among all products of the catalogue except the user's training products.
 * The same scorer and split give the same numbers. Products that the scorer does not know, or scores with NaN, come
 * last with equal ranks.
 *
 * @throws {GatewayError} CANCELLED
 */
export function evaluateScorer(
  scorer: Scorer,
  split: Split,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const questions = questionsOfSplit(split);
  return evaluateQuestions(questions, answererOf(scorer, questions), options);
}
