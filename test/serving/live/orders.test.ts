import fc from 'fast-check';
import { toEventId, toProductId, toUserId } from '../../../src/domain/ids';
import type { Interaction } from '../../../src/domain/interaction';
import { defaultShopPolicy } from '../../../src/domain/shopPolicy';
import { historiesOf } from '../../../src/models/histories';
import { foldHistory, historyForScorer } from '../../../src/serving/live/history';
import { createShopperReader } from '../../../src/serving/live/shopper';
import { compareEvents } from '../../../src/snapshot/eventOrder';
import { snapshotOf } from '../../support/snapshots';
import { interaction, now, product, shopId } from '../support';

const context = { cartProductIds: [], currentProductId: null, now };

/** Events at few instants, of few products; purchases mostly of two invoices. */
const events = fc.uniqueArray(
  fc.record({
    product: fc.integer({ min: 0, max: 5 }),
    at: fc.integer({ min: 0, max: 4 }),
    type: fc.constantFrom('VIEW' as const, 'PURCHASE' as const, 'PURCHASE' as const),
    session: fc.constantFrom('s', 't', null),
  }),
  { minLength: 1, maxLength: 12, selector: event => JSON.stringify(event) },
);

const interactionsOf = (
  given: typeof events extends fc.Arbitrary<infer List> ? List : never,
): Interaction[] =>
  given.map(({ product: row, at, type, session }, index) => ({
    ...interaction(`e${index}`, 'anna', product(row), type, now - 100 + at),
    sessionId: session,
  }));

const snapshotFrom = (rows: readonly Interaction[]) =>
  snapshotOf(
    rows.map(({ productId, occurredAt, type, sessionId }) => ({
      user: 'anna',
      product: productId,
      at: occurredAt,
      type,
      ...(sessionId !== null && { session: sessionId }),
    })),
  );

describe('a history in serving', () => {
  it('equals that of a snapshot: products, weights, instants and sequence of orders, and purchases', async () => {
    await fc.assert(
      fc.asyncProperty(events, async given => {
        const rows = interactionsOf(given);
        const snapshot = await snapshotFrom(rows);
        const sameRows = Int32Array.from({ length: snapshot.products.size }, (_, row) => row);
        const learned = historiesOf(snapshot).of(0, sameRows);
        const served = historyForScorer(
          foldHistory({ events: rows }, context, defaultShopPolicy),
          snapshot.products,
          now,
        );
        expect([...served.productRows]).toEqual([...learned.productRows]);
        expect([...served.weights]).toEqual([...learned.weights]);
        expect([...served.occurredAt]).toEqual([...learned.occurredAt]);
        expect(served.purchases).toEqual(learned.purchases);
      }),
      { numRuns: 300 },
    );
  });

  it('takes the events of an instant in the sequence of a snapshot', async () => {
    await fc.assert(
      fc.asyncProperty(events, async given => {
        const rows = interactionsOf(given);
        const { events: columns, products } = await snapshotFrom(rows);
        const sorted = rows
          .toSorted(compareEvents)
          .map(({ productId, occurredAt }) => [productId, occurredAt]);
        const learned = Array.from(columns.productRow, (row, event) => [
          products.idOf(row),
          columns.occurredAt[event],
        ]);
        expect(sorted).toEqual(learned);
      }),
      { numRuns: 100 },
    );
  });

  it('differs between shoppers with the same order', () => {
    const vocabulary = {
      size: 8,
      idOf: (row: number) => product(row),
      rowOf: (id: string) => Number(id.slice(1)),
    };
    const sequences = Array.from({ length: 20 }, (_, shopper) => {
      const bought = Array.from({ length: 8 }, (_unused, row) =>
        interaction(`e${row}`, `shopper${shopper}`, product(row), 'PURCHASE', now - 5),
      );
      const history = foldHistory({ events: bought }, context, defaultShopPolicy);
      return [...historyForScorer(history, vocabulary, now).productRows].join();
    });
    expect(new Set(sequences).size).toBe(20);
  });
});

describe('an order that the limit of events cuts', () => {
  const bought = (id: string, at: number): Interaction => ({
    ...interaction(id, 'anna', toProductId(`p-${id}`), 'PURCHASE', at),
    userId: toUserId('anna'),
    id: toEventId(id),
  });

  const read = (stored: readonly Interaction[], historyEvents: number) =>
    createShopperReader({
      stores: {
        users: { rightsOf: async () => new Map() },
        interactions: { recentOf: async (_, [id], limit) => new Map([[id, stored.slice(0, limit)]]) },
      },
      ...{ shopId, historyEvents, historyTimeoutMs: 1000 },
    })(toUserId('anna'));

  it('counts for nothing, since event ids decide which lines were read, but settles what was read', async () => {
    const stored = [bought('z', 9), bought('y', 5), bought('x', 5), bought('w', 5)];
    const reading = await read(stored, 3);
    expect(reading).toMatchObject({ kind: 'known', partialAt: 5 });
    const { products, settledOnce, purchases } = foldHistory(
      reading.kind === 'known' ? reading : { events: [] },
      context,
      defaultShopPolicy,
    );
    expect([...products.keys()]).toEqual(['p-z']);
    expect([...settledOnce].sort()).toEqual(['p-x', 'p-y', 'p-z']);
    expect([...purchases.bought.keys()]).toEqual(['p-z']);
  });

  it('counts as far as it was read where there is no other, and where nothing was cut', async () => {
    const single = [bought('z', 5), bought('y', 5), bought('x', 5)];
    expect(await read(single, 2)).not.toHaveProperty('partialAt');
    expect(await read([bought('z', 9), bought('y', 5)], 3)).not.toHaveProperty('partialAt');
  });
});
