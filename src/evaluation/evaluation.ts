import { GatewayError } from '../domain/errors';
import type { Scorer } from '../models/model';
import { pause } from '../models/pause';
import type { HeldOut, Split } from '../snapshot/split';
import type { Vocabulary } from '../snapshot/vocabulary';
import { historiesOf } from './histories';
import { type MetricName, metricNames, userMetrics } from './metrics';
import { type SampledOptions, sampledMetrics } from './sampled';
import { tieGroupsOf, topListOf } from './standing';

/** Metrics of every user that was asked about, and their means. */
export interface Measurement {
  /** Rows of the users in the snapshot, ascending; per-user values are in this order. */
  readonly userRows: Uint32Array;
  readonly perUser: ReadonlyMap<MetricName, Float64Array>;
  /** Over users, each counting once. NaN without users. */
  readonly means: Readonly<Record<MetricName, number>>;
  /** Standard error of each mean: σ/√users, σ with users - 1. NaN under two users. */
  readonly standardErrors: Readonly<Record<MetricName, number>>;
}

/** What came of evaluating a scorer. */
export interface Evaluation {
  readonly users: number;
  /** Products in the catalogue: what was ranked, less each user's own. */
  readonly items: number;
  /** Against the full catalogue. */
  readonly full: Measurement;
  /** Share of the catalogue that is in somebody's first 20. */
  readonly coverage: number;
  /** Against a few drawn products only; not comparable with `full`. Null when not asked for. */
  readonly sampled: Measurement | null;
}

/** How to evaluate. */
export interface EvaluationOptions {
  /** At most that many users, those with the lowest rows. All when left out. */
  readonly limitUsers?: number;
  readonly sampled?: SampledOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: (usersDone: number, users: number) => void;
}

/** Most scores in memory at once: 16 MB. */
const scoresAtOnce = 4_194_304;
const usersAtOnce = 128;

/** Row in `to` of every row in `from`; -1 where `to` has no such id. */
function rowsIn(from: Vocabulary, to: Vocabulary): Int32Array {
  const rows = new Int32Array(from.size);
  for (let row = 0; row < from.size; row++) rows[row] = to.rowOf(from.idOf(row));
  return rows;
}

/** Users with something held out. */
function askedUsers({ offsets }: HeldOut, limit: number): Uint32Array {
  const users: number[] = [];
  for (let user = 0; user + 1 < offsets.length && users.length < limit; user++) {
    if (offsets[user + 1] > offsets[user]) users.push(user);
  }
  return Uint32Array.from(users);
}

/** Sums up per-user rows of metrics. */
function measurementOf(userRows: Uint32Array, rows: readonly (readonly number[])[]): Measurement {
  const count = rows.length;
  const perUser = new Map<MetricName, Float64Array>();
  const means: [MetricName, number][] = [];
  const errors: [MetricName, number][] = [];
  for (const [index, name] of metricNames.entries()) {
    const values = Float64Array.from(rows, row => row[index]);
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

/** Stands for what the scorer has no number for: below every number, and all alike. */
const unscored = Number.NEGATIVE_INFINITY;

/** Copies a scorer's row into catalogue order; what it has no number for is unscored, what the user met NaN. */
function toCandidates(
  scores: Float32Array,
  scorerRows: Int32Array,
  met: Uint32Array,
  out: Float32Array,
): void {
  out.fill(unscored);
  for (let row = 0; row < out.length; row++) {
    // NaN compares false: it stays unscored.
    if (scorerRows[row] >= 0 && scores[scorerRows[row]] > unscored) out[row] = scores[scorerRows[row]];
  }
  for (const row of met) out[row] = Number.NaN;
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new GatewayError('CANCELLED', 'Expected to evaluate to the end; got cancelled. Start it again.');
}

/**
 * Scores every user with held-out products against all products of the catalogue but those the user met in training,
 * and measures where the held-out ones stand. The same scorer and split give the same numbers. Products the scorer
 * does not know, or says NaN for, come last, all equal.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function evaluateScorer(
  scorer: Scorer,
  { train, heldOut }: Split,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const catalogueSize = train.products.size;
  const scorerRows = rowsIn(train.products, scorer.products);
  const histories = historiesOf(train);
  const users = askedUsers(heldOut, options.limitUsers ?? Number.POSITIVE_INFINITY);
  const batchSize = Math.max(
    1,
    Math.min(usersAtOnce, Math.floor(scoresAtOnce / Math.max(1, scorer.products.size))),
  );
  const scores = new Float32Array(batchSize * scorer.products.size);
  const candidates = new Float32Array(catalogueSize);
  const isRecommended = new Uint8Array(catalogueSize);
  const full: (readonly number[])[] = [];
  const sampled: (readonly number[])[] = [];
  const sample = options.sampled && sampledMetrics(options.sampled);

  function measure(user: number, userScores: Float32Array): void {
    const { indptr, indices } = histories.preferences;
    toCandidates(userScores, scorerRows, indices.subarray(indptr[user], indptr[user + 1]), candidates);
    const relevant = heldOut.productRows.subarray(heldOut.offsets[user], heldOut.offsets[user + 1]);
    const top = topListOf(candidates);
    for (let place = 0; place < top.length; place++) isRecommended[top.rows[place]] = 1;
    full.push(userMetrics(tieGroupsOf(candidates, relevant, top), relevant.length));
    if (sample) sampled.push(sample(candidates, relevant));
  }

  for (let start = 0; start < users.length; start += batchSize) {
    checkSignal(options.signal);
    const batch = users.subarray(start, start + batchSize);
    const out = scores.subarray(0, batch.length * scorer.products.size);
    scorer.scoreInto(
      Array.from(batch, user => histories.of(user, scorerRows)),
      out,
    );
    for (const [index, user] of batch.entries()) {
      measure(user, out.subarray(index * scorer.products.size, (index + 1) * scorer.products.size));
    }
    options.onProgress?.(start + batch.length, users.length);
    await pause();
  }
  return {
    users: users.length,
    items: catalogueSize,
    full: measurementOf(users, full),
    coverage: isRecommended.reduce((count, flag) => count + flag, 0) / catalogueSize,
    sampled: sample ? measurementOf(users, sampled) : null,
  };
}
