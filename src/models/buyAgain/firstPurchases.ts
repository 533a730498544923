// How likely a shopper buys a product for the first time within 30 days, on the same scale as buying one again, so that both can
// share one list. Logistic regression on the product's log-odds (productStatistics.ts) and on how the shopper buys; only the
// products most likely to be bought take part, because others reach no list.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import type { LogisticExamples } from '../../numeric/logisticRidge';
import { pause } from '../../numeric/pause';
import type { Rng } from '../../numeric/rng';
import { topK } from '../../numeric/topK';
import type { ShopperPurchases } from '../model';
import { type PurchaseLine, purchaseLedgerOf } from '../purchases';
import type { Cut } from './examples';
import { shopperFeatures } from './features';
import { msPerDay } from './productStatistics';
import { lineAfter, type Timelines } from './timelines';

/** An intercept, the product's log-odds, and the features of the shopper. */
export const firstPurchaseColumns = 2 + shopperFeatures.length;

const candidatesPerCut = 200;
const sampledPerShopper = 5;
const windowDays = 30;

/** Writes the columns for one shopper, without the product's log-odds. */
export function firstPurchaseInto(purchases: ShopperPurchases, now: number, out: Float64Array): void {
  out[0] = 1;
  for (const [index, featureOf] of shopperFeatures.entries()) out[index + 2] = featureOf(purchases, now);
}

/** One shopper's purchases before and after a cut. */
interface Halves {
  readonly purchases: ShopperPurchases;
  readonly before: ReadonlySet<number>;
  /** Products bought in the window after the cut. */
  readonly after: ReadonlySet<number>;
}

function halvesAt({ offsets, productRows, instants }: Timelines, user: number, at: number): Halves | null {
  const end = lineAfter(instants, offsets[user], offsets[user + 1], at);
  const lines: PurchaseLine<number>[] = [];
  for (let line = offsets[user]; line < end; line++) lines.push([productRows[line], instants[line]]);
  const purchases = purchaseLedgerOf(lines).of([]);
  if (purchases === undefined) return null;
  const last = lineAfter(instants, end, offsets[user + 1], at + windowDays * msPerDay);
  return {
    purchases,
    before: new Set(lines.map(([row]) => row)),
    after: new Set(productRows.subarray(end, last)),
  };
}

/** Examples that grow. */
interface Growing {
  readonly rows: number[];
  readonly labels: number[];
  readonly weights: number[];
}

function addShopper(
  { purchases, before, after }: Halves,
  { at, statistics }: Cut,
  candidates: Uint32Array,
  chance: number,
  rng: Rng,
  out: Growing,
): void {
  const columns = new Float64Array(firstPurchaseColumns);
  firstPurchaseInto(purchases, at, columns);
  for (const row of candidates) {
    if (before.has(row)) continue;
    const isBought = after.has(row);
    if (!isBought && rng.uniform() >= chance) continue;
    columns[1] = statistics.firstPurchase[row];
    out.rows.push(...columns);
    out.labels.push(Number(isBought));
    out.weights.push(isBought ? 1 : 1 / chance);
  }
}

/** Shoppers between two checks of the signal. */
const shoppersAtOnce = 256;

/**
 * Samples examples of first purchases: all that happened, and a few products per shopper and cut that were not bought.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function sampleFirstPurchases(
  timelines: Timelines,
  cuts: readonly Cut[],
  { budget, rng }: { readonly budget: number; readonly rng: Rng },
  context: TrainContext,
): Promise<LogisticExamples> {
  const users = timelines.offsets.length - 1;
  const perShopper = Math.min(sampledPerShopper, budget / Math.max(1, users * cuts.length));
  const out: Growing = { rows: [], labels: [], weights: [] };
  for (const cut of cuts) {
    const { rows: candidates, length } = topK(
      Float32Array.from(cut.statistics.firstPurchase),
      Math.min(candidatesPerCut, cut.statistics.firstPurchase.length),
    );
    const chance = Math.min(1, perShopper / Math.max(1, length));
    for (let user = 0; user < users; user++) {
      if (user % shoppersAtOnce === 0) {
        await pause();
        checkCancelled(context);
      }
      const halves = halvesAt(timelines, user, cut.at);
      if (halves !== null) addShopper(halves, cut, candidates.subarray(0, length), chance, rng, out);
    }
  }
  return {
    columns: firstPurchaseColumns,
    rows: Float64Array.from(out.rows),
    labels: Uint8Array.from(out.labels),
    weights: Float64Array.from(out.weights),
  };
}
