import { buyAgain } from '../../../src/models/buyAgain/model';
import type { DueColumns, Scorer, ShopperHistory } from '../../../src/models/model';
import { type PurchaseLine, purchaseLedgerOf } from '../../../src/models/purchases';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

export const day = 86_400_000;
/** Start of the tests' data. */
export const start = Date.UTC(2026, 0, 1);

export const contextOf = (seed = 1) => ({
  seed,
  threads: serialThreadPool({}),
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

/**
 * A shop of 200 days. Coffee is bought about every 14 days by those who like it and sometimes by others; soap
 * about every 40 days; a lamp once, if at all.
 */
export function replenishingShop(users = 120): TestEvent[] {
  const rng = createRng(11);
  const events: TestEvent[] = [];
  const buy = (user: number, product: string, at: number): void =>
    void events.push({ user: `u${user}`, product, at: start + Math.round(at) * day, type: 'PURCHASE' });
  for (let user = 0; user < users; user++) {
    const every = user % 3 === 0 ? 14 : 60;
    for (let at = every * rng.uniform(); at < 200; at += every * (0.7 + 0.6 * rng.uniform()))
      buy(user, 'coffee', at);
    for (let at = 40 * rng.uniform(); at < 200; at += 40 * (0.7 + 0.6 * rng.uniform())) buy(user, 'soap', at);
    if (rng.uniform() < 0.6) buy(user, `lamp${user % 5}`, 200 * rng.uniform());
  }
  return events;
}

/** Trains on events and loads the scorer. */
export async function learned(
  events: readonly TestEvent[],
  settings = {},
): Promise<{ readonly scorer: Scorer<'buyAgain'>; readonly snapshot: Snapshot }> {
  const snapshot = await snapshotOf(events);
  const model = buyAgain(settings);
  return { scorer: model.load(await model.train(snapshot, contextOf())), snapshot };
}

/** A shopper with these purchases, by days from the start, seen at a day. */
export function shopper(
  { products }: Scorer,
  bought: readonly (readonly [product: string, day: number])[],
  now: number,
): ShopperHistory {
  const lines = bought
    .map(([product, at]): PurchaseLine<number> => [products.rowOf(product), start + at * day])
    .toSorted(([, a], [, b]) => a - b);
  const lastAt = new Map(lines);
  const rows = [...lastAt.keys()].toSorted((a, b) => (lastAt.get(a) ?? 0) - (lastAt.get(b) ?? 0));
  const purchases = purchaseLedgerOf(lines).of(rows);
  return {
    productRows: Uint32Array.from(rows),
    weights: Float32Array.from(rows, () => 5),
    occurredAt: Float64Array.from(rows, row => lastAt.get(row) ?? 0),
    now: start + now * day,
    ...(purchases && { purchases }),
  };
}

/** Columns for the entries of a history. */
export const columnsFor = ({ productRows }: ShopperHistory): DueColumns => ({
  within7Days: new Float64Array(productRows.length),
  within30Days: new Float64Array(productRows.length),
  dueAt: new Float64Array(productRows.length),
});

/** When a shopper buys one product again. */
export function dueFor(scorer: Scorer<'buyAgain'>, history: ShopperHistory, product: string) {
  const columns = columnsFor(history);
  scorer.dueInto(history, columns);
  const entry = history.productRows.indexOf(scorer.products.rowOf(product));
  return {
    within7Days: columns.within7Days[entry],
    within30Days: columns.within30Days[entry],
    dueInDays: (columns.dueAt[entry] - history.now) / day,
  };
}
