import type { ShopperPurchases } from './model';

/** One shopper's purchases of one product. */
export interface BoughtProduct {
  /** Orders with the product, at least 1. */
  readonly orders: number;
  /** Instant of the first order with it, milliseconds since the epoch. */
  readonly firstAt: number;
  /** Instant of the latest order with it. */
  readonly lastAt: number;
  /** Number of the latest order with it among the shopper's orders, from 1. */
  readonly lastOrder: number;
}

/** One shopper's purchases, by the keys of products. */
export interface PurchaseLedger<Key> {
  readonly bought: ReadonlyMap<Key, BoughtProduct>;
  /** Returns the purchases of some products as columns; undefined where the shopper bought nothing at all. */
  of(keys: readonly Key[]): ShopperPurchases | undefined;
}

/** A line of an order: a product, and the instant of the order. */
export type PurchaseLine<Key> = readonly [key: Key, orderAt: number];

type PurchaseTotals = Pick<
  ShopperPurchases,
  'orderCount' | 'firstOrderAt' | 'lastOrderAt' | 'lineCount' | 'productCount'
>;
type OrderTotals = Omit<PurchaseTotals, 'productCount'>;

function columnsOf(rows: readonly (BoughtProduct | undefined)[], totals: PurchaseTotals): ShopperPurchases {
  return {
    orders: Uint32Array.from(rows, row => row?.orders ?? 0),
    firstAt: Float64Array.from(rows, row => row?.firstAt ?? Number.NaN),
    lastAt: Float64Array.from(rows, row => row?.lastAt ?? Number.NaN),
    ordersSince: Uint32Array.from(rows, row => (row ? totals.orderCount - row.lastOrder : 0)),
    ...totals,
  };
}

/**
 * Counts the purchases of one shopper. Several lines of one order with the same product count once.
 *
 * @param lines - in order of time; lines of one order have the same instant (snapshot/orders.ts)
 */
export function purchaseLedgerOf<Key>(lines: Iterable<PurchaseLine<Key>>): PurchaseLedger<Key> {
  const bought = new Map<Key, BoughtProduct>();
  let totals: OrderTotals = {
    orderCount: 0,
    firstOrderAt: Number.NaN,
    lastOrderAt: Number.NaN,
    lineCount: 0,
  };
  for (const [key, orderAt] of lines) {
    const { orderCount, firstOrderAt, lastOrderAt, lineCount } = totals;
    const known = bought.get(key);
    const isNewOrder = orderAt !== lastOrderAt;
    if (!isNewOrder && known?.lastAt === orderAt) continue;
    const order = isNewOrder ? orderCount + 1 : orderCount;
    bought.set(key, {
      orders: (known?.orders ?? 0) + 1,
      firstAt: known?.firstAt ?? orderAt,
      lastAt: orderAt,
      lastOrder: order,
    });
    totals = {
      orderCount: order,
      firstOrderAt: orderCount === 0 ? orderAt : firstOrderAt,
      lastOrderAt: orderAt,
      lineCount: lineCount + 1,
    };
  }
  return {
    bought,
    of: keys =>
      totals.orderCount === 0
        ? undefined
        : columnsOf(
            keys.map(key => bought.get(key)),
            { ...totals, productCount: bought.size },
          ),
  };
}

/**
 * Returns the purchases of some entries of a history, in the order of the indices. The shopper's totals stay.
 *
 * @param entries - -1 for a product that was never bought
 */
export function pickPurchases(purchases: ShopperPurchases, entries: readonly number[]): ShopperPurchases {
  const { orders, firstAt, lastAt, ordersSince, ...totals } = purchases;
  return {
    orders: Uint32Array.from(entries, entry => orders[entry]),
    firstAt: Float64Array.from(entries, entry => firstAt[entry]),
    lastAt: Float64Array.from(entries, entry => lastAt[entry]),
    ordersSince: Uint32Array.from(entries, entry => ordersSince[entry]),
    ...totals,
  };
}
