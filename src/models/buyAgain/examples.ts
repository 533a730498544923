// Examples: for each of several past instants (cuts), each shopper and each product that they had bought by then, whether they
// bought it again in a period after the cut. Everything but the label is read from purchases up to the cut.
//
// Positives are few, so all of them are kept up to half of the budget, and a sample of the others stands for the rest: each
// example has the reciprocal of its chance as its weight, so that probabilities stay unbiased.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import type { LogisticExamples } from '../../numeric/logisticRidge';
import { pause } from '../../numeric/pause';
import type { Rng } from '../../numeric/rng';
import { type PurchaseLine, purchaseLedgerOf } from '../purchases';
import { featureCount, featuresInto } from './features';
import { msPerDay, type ProductStatistics } from './productStatistics';
import { lineAfter, type Timelines } from './timelines';

/** Days after a cut, without the first and with the last. */
export interface Period {
  readonly fromDay: number;
  readonly toDay: number;
}

/** An instant, with what was known of the products then. */
export interface Cut {
  readonly at: number;
  readonly statistics: ProductStatistics;
}

/** A product that a shopper had bought by a cut and not again before the period. */
interface Candidate {
  readonly row: number;
  /** Index into the cuts. */
  readonly cut: number;
  readonly isBoughtAgain: boolean;
}

/** Examples to write, and where the next one goes. */
interface Sheet {
  readonly rows: Float64Array;
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  count: number;
}

/** Returns the instants of a user's purchases by product. */
function instantsByProduct(
  { offsets, productRows, instants }: Timelines,
  user: number,
): ReadonlyMap<number, number[]> {
  const byProduct = new Map<number, number[]>();
  for (let line = offsets[user]; line < offsets[user + 1]; line++) {
    const known = byProduct.get(productRows[line]);
    if (known === undefined) byProduct.set(productRows[line], [instants[line]]);
    else known.push(instants[line]);
  }
  return byProduct;
}

/** Returns a user's candidates at all cuts. */
function candidatesOf(
  timelines: Timelines,
  user: number,
  cuts: readonly Cut[],
  { fromDay, toDay }: Period,
): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const [row, instants] of instantsByProduct(timelines, user)) {
    let next = 0;
    for (const [cut, { at }] of cuts.entries()) {
      while (next < instants.length && instants[next] <= at) next++;
      const days = next < instants.length ? (instants[next] - at) / msPerDay : Number.POSITIVE_INFINITY;
      if (next > 0 && days > fromDay) found.push({ row, cut, isBoughtAgain: days <= toDay });
    }
  }
  return found;
}

/** Writes the examples of one user at one cut. */
function writeExamples(
  timelines: Timelines,
  user: number,
  { at, statistics }: Cut,
  kept: readonly Candidate[],
  weightOf: (candidate: Candidate) => number,
  sheet: Sheet,
): void {
  const { offsets, productRows, instants } = timelines;
  const lines: PurchaseLine<number>[] = [];
  const end = lineAfter(instants, offsets[user], offsets[user + 1], at);
  for (let line = offsets[user]; line < end; line++) lines.push([productRows[line], instants[line]]);
  const purchases = purchaseLedgerOf(lines).of(kept.map(({ row }) => row));
  if (purchases === undefined) return;
  for (const [entry, candidate] of kept.entries()) {
    const start = sheet.count * featureCount;
    const features = sheet.rows.subarray(start, start + featureCount);
    featuresInto(purchases, entry, statistics, candidate.row, at, features);
    sheet.labels[sheet.count] = Number(candidate.isBoughtAgain);
    sheet.weights[sheet.count++] = weightOf(candidate);
  }
}

/** Users between two checks of the signal. */
const usersAtOnce = 256;

/** Calls `visit` with the candidates of one user after the other. @throws {GatewayError} CANCELLED */
async function forEachUser(
  timelines: Timelines,
  cuts: readonly Cut[],
  period: Period,
  context: TrainContext,
  visit: (user: number, candidates: readonly Candidate[]) => void,
): Promise<void> {
  for (let user = 0; user + 1 < timelines.offsets.length; user++) {
    if (user % usersAtOnce === 0) {
      await pause();
      checkCancelled(context);
    }
    if (timelines.offsets[user + 1] > timelines.offsets[user])
      visit(user, candidatesOf(timelines, user, cuts, period));
  }
}

/** Chances to keep positives and others. */
interface Chances {
  readonly positive: number;
  readonly other: number;
}

function chancesOf(positives: number, others: number, budget: number): Chances {
  const positive = Math.min(1, budget / 2 / Math.max(1, positives));
  const room = budget - positives * positive;
  return { positive, other: Math.min(1, room / Math.max(1, others)) };
}

/**
 * Samples at most about `budget` examples of one period.
 *
 * @param cuts - ascending
 * @throws {GatewayError} CANCELLED
 */
export async function sampleExamples(
  timelines: Timelines,
  cuts: readonly Cut[],
  period: Period,
  { budget, rng }: { readonly budget: number; readonly rng: Rng },
  context: TrainContext,
): Promise<LogisticExamples> {
  let [positives, others] = [0, 0];
  await forEachUser(timelines, cuts, period, context, (_, candidates) => {
    const again = candidates.reduce((sum, { isBoughtAgain }) => sum + Number(isBoughtAgain), 0);
    positives += again;
    others += candidates.length - again;
  });
  const chances = chancesOf(positives, others, budget);
  const chanceOf = ({ isBoughtAgain }: Candidate): number =>
    isBoughtAgain ? chances.positive : chances.other;
  const kept: { readonly user: number; readonly candidates: readonly Candidate[] }[] = [];
  let count = 0;
  await forEachUser(timelines, cuts, period, context, (user, candidates) => {
    const own = candidates.filter(
      candidate => chanceOf(candidate) >= 1 || rng.uniform() < chanceOf(candidate),
    );
    count += own.length;
    if (own.length > 0) kept.push({ user, candidates: own });
  });
  const sheet: Sheet = {
    rows: new Float64Array(count * featureCount),
    labels: new Uint8Array(count),
    weights: new Float64Array(count),
    count: 0,
  };
  for (const [index, { user, candidates }] of kept.entries()) {
    if (index % usersAtOnce === 0) {
      await pause();
      checkCancelled(context);
    }
    for (const [cut, known] of cuts.entries()) {
      const own = candidates.filter(candidate => candidate.cut === cut);
      if (own.length > 0) writeExamples(timelines, user, known, own, c => 1 / chanceOf(c), sheet);
    }
  }
  return { columns: featureCount, ...sheet };
}
