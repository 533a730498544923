import fc from 'fast-check';
import { historiesOf } from '../../src/models/histories';
import { type PurchaseLine, pickPurchases, purchaseLedgerOf } from '../../src/models/purchases';
import { snapshotOf } from '../support/snapshots';

/** Lines of few products at few instants, in order of time. */
const lines = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 6 })), { maxLength: 20 })
  .map(given => given.toSorted(([, a], [, b]) => a - b));

/** The same figures, each counted on its own from all lines. */
function counted(given: readonly PurchaseLine<number>[], key: number) {
  const instants = [...new Set(given.map(([, at]) => at))].toSorted((a, b) => a - b);
  const own = instants.filter(at => given.some(line => line[0] === key && line[1] === at));
  const later = instants.filter(at => at > (own.at(-1) ?? Number.POSITIVE_INFINITY));
  return {
    orders: own.length,
    firstAt: own.at(0) ?? Number.NaN,
    lastAt: own.at(-1) ?? Number.NaN,
    since: later.length,
  };
}

describe('the purchases of a shopper', () => {
  it('equal a count of each figure on its own', () => {
    fc.assert(
      fc.property(lines, given => {
        const keys = [4, 0, 3, 1, 2];
        const purchases = purchaseLedgerOf(given).of(keys);
        if (given.length === 0) return expect(purchases).toBeUndefined();
        const expected = keys.map(key => counted(given, key));
        expect(purchases).toEqual({
          orders: Uint32Array.from(expected, ({ orders }) => orders),
          firstAt: Float64Array.from(expected, ({ firstAt }) => firstAt),
          lastAt: Float64Array.from(expected, ({ lastAt }) => lastAt),
          ordersSince: Uint32Array.from(expected, ({ since }) => since),
          orderCount: new Set(given.map(([, at]) => at)).size,
          firstOrderAt: given[0][1],
          lastOrderAt: given[given.length - 1][1],
          lineCount: new Set(given.map(([key, at]) => `${key} ${at}`)).size,
          productCount: new Set(given.map(([key]) => key)).size,
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('keep their totals when some entries are picked, and have none for a product never bought', () => {
    const purchases = purchaseLedgerOf<number>([
      [7, 1],
      [8, 1],
      [7, 5],
    ]).of([7, 8]);
    if (purchases === undefined) throw new Error('Expected purchases; got none.');
    const picked = pickPurchases(purchases, [1, -1]);
    expect(picked).toEqual({
      orders: Uint32Array.of(1, 0),
      firstAt: Float64Array.of(1, Number.NaN),
      lastAt: Float64Array.of(1, Number.NaN),
      ordersSince: Uint32Array.of(1, 0),
      orderCount: 2,
      firstOrderAt: 1,
      lastOrderAt: 5,
      lineCount: 3,
      productCount: 2,
    });
  });

  it('of a snapshot count purchases only, and products that the scorer does not know in the totals', async () => {
    const snapshot = await snapshotOf([
      { user: 'u', product: 'a', at: 1, type: 'PURCHASE' },
      { user: 'u', product: 'b', at: 2, type: 'PURCHASE' },
      { user: 'u', product: 'a', at: 3, type: 'VIEW' },
      { user: 'v', product: 'a', at: 3, type: 'VIEW' },
    ]);
    const rows = Int32Array.from({ length: 2 }, (_, row) => (snapshot.products.idOf(row) === 'a' ? 0 : -1));
    const [u, v] = ['u', 'v'].map(id => historiesOf(snapshot).of(snapshot.users.rowOf(id), rows));
    expect(u.purchases).toMatchObject({ orderCount: 2, lineCount: 2, lastOrderAt: 2 });
    expect([...(u.purchases?.orders ?? [])]).toEqual([1]);
    expect([...(u.purchases?.ordersSince ?? [])]).toEqual([1]);
    expect(v).not.toHaveProperty('purchases');
  });
});
