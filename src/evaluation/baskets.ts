import type { ShopperHistory } from '../models/model';
import { createRng } from '../numeric/rng';
import { snapshotFromPairs } from '../snapshot/fromPairs';
import type { Snapshot } from '../snapshot/snapshot';
import type { Questions } from './questions';
import type { SessionList } from './sessions';

/** Share of the baskets that is held out. */
const heldOutShare = 0.1;
/** Artificial time between two baskets. */
const stepMs = 60_000;

/** Distinct products of each basket, in order of first appearance. */
function distinct({ offsets, product }: SessionList): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, basket) => [
    ...new Set(product.subarray(offsets[basket], offsets[basket + 1])),
  ]);
}

/** Makes every basket a user who bought all of it at one instant, one minute after the previous basket. */
function snapshotOfBaskets(productIds: readonly string[], baskets: readonly number[][]): Promise<Snapshot> {
  const digits = `${baskets.length}`.length;
  const userIds = baskets.map((_, basket) => `basket-${`${basket}`.padStart(digits, '0')}`);
  const user = Uint32Array.from(baskets.flatMap((items, basket) => items.map(() => basket)));
  const occurredAt = Float64Array.from(user, basket => basket * stepMs);
  const product = Uint32Array.from(baskets.flat());
  return snapshotFromPairs({ userIds, productIds, user, product, occurredAt, type: 'PURCHASE' });
}

/**
 * Returns one question per cart: find its first product, given the others, which are not ranked.
 *
 * @param train - its products are the catalogue
 * @param carts - product rows, distinct within a cart, at least two each
 * @param now - when the carts are asked about, milliseconds since the epoch
 */
export function cartQuestionsOf(
  train: Snapshot,
  carts: readonly (readonly number[])[],
  now: number,
): Questions {
  const historyOf = (rows: Uint32Array, scorerRows: Int32Array): ShopperHistory => {
    const productRows = Uint32Array.from(
      rows.filter(row => scorerRows[row] >= 0),
      row => scorerRows[row],
    );
    return {
      productRows,
      weights: new Float32Array(productRows.length).fill(train.eventWeights.PURCHASE),
      occurredAt: new Float64Array(productRows.length).fill(now),
      now,
    };
  };
  return {
    train,
    userRows: Uint32Array.from(carts.keys()),
    of(index, scorerRows) {
      const [target, ...rest] = carts[index];
      const excluded = Uint32Array.from(rest);
      const history = historyOf(excluded, scorerRows);
      return { history, relevant: Uint32Array.of(target), excluded, isCart: true };
    },
  };
}

/**
 * Holds out the last tenth of the baskets (with `skipLast` 1 the tenth before; the last is then unused). Each held-out
 * basket with two or more training products gives one question: find one of them, drawn at random (seeded), given the
 * others. The others are not ranked.
 *
 * @param baskets - in order of time; repeated products in a basket count once
 */
export async function basketQuestions(
  productIds: readonly string[],
  baskets: SessionList,
  { skipLast, seed }: { readonly skipLast: 0 | 1; readonly seed: number },
): Promise<Questions> {
  const all = distinct(baskets);
  const share = Math.floor(all.length * heldOutShare);
  const end = all.length - skipLast * share;
  const learned = all.slice(0, end - share);
  const known = new Set(learned.flat());
  const train = await snapshotOfBaskets(productIds, learned);
  const rng = createRng(seed);
  const asked = all
    .slice(end - share, end)
    .map(items => items.filter(item => known.has(item)))
    .filter(items => items.length >= 2)
    .map(items => rng.shuffle(items).map(item => train.products.rowOf(productIds[item])));
  return cartQuestionsOf(train, asked, train.asOf + stepMs);
}
