import { createRng } from '../../src/numeric/rng';
import { orderInstantsOf, runsOf, shuffleOrders } from '../../src/snapshot/orders';
import type { Snapshot } from '../../src/snapshot/snapshot';
import { snapshotOf, type TestEvent } from '../support/snapshots';

const productsOf = ({ products, events, userOffsets, users }: Snapshot, user: string): string[] => {
  const row = users.rowOf(user);
  const rows = events.productRow.subarray(userOffsets[row], userOffsets[row + 1]);
  return Array.from(rows, product => products.idOf(product));
};

const ordersOf = async (events: readonly TestEvent[]): Promise<number[]> => [
  ...(await snapshotOf(events)).events.order,
];

/** One order of products p00, p01, … by each user. */
const sameOrders = (users: number, products: number, at = 0): TestEvent[] =>
  Array.from({ length: users * products }, (_, event) => ({
    user: `u${Math.floor(event / products)}`,
    product: `p${String(event % products).padStart(2, '0')}`,
    at,
  }));

describe('the orders of a snapshot', () => {
  it('are the events of one shopper at one instant', async () => {
    const events: TestEvent[] = [
      { user: 'u', product: 'a', at: 1 },
      { user: 'u', product: 'b', at: 1, type: 'PURCHASE', session: 's' },
      { user: 'u', product: 'a', at: 2 },
      { user: 'v', product: 'a', at: 2 },
    ];
    expect(await ordersOf(events)).toEqual([0, 0, 1, 2]);
  });

  it('are also the purchases of one named session at instants without anything else between', async () => {
    const bought = (product: string, at: number, session?: string): TestEvent => ({
      user: 'u',
      product,
      at,
      type: 'PURCHASE',
      ...(session !== undefined && { session }),
    });
    expect(await ordersOf([bought('a', 1, 's'), bought('b', 2, 's'), bought('c', 9, 's')])).toEqual([
      0, 0, 0,
    ]);
    expect(await ordersOf([bought('a', 1, 's'), bought('b', 2, 't')])).toEqual([0, 1]);
    expect(await ordersOf([bought('a', 1), bought('b', 2)])).toEqual([0, 1]);
    const viewed: TestEvent = { user: 'u', product: 'b', at: 2, session: 's' };
    expect(await ordersOf([bought('a', 1, 's'), viewed, bought('c', 3, 's')])).toEqual([0, 1, 2]);
    const { events } = await snapshotOf([bought('a', 1, 's'), bought('b', 2, 's'), viewed]);
    expect([...orderInstantsOf(events)]).toEqual([1, 2, 2]);
  });

  it('change the digest where they last longer than an instant, which the other columns do not show', async () => {
    const digestOf = async (sessions: readonly (string | undefined)[]): Promise<string> => {
      const bought = sessions.map((session, at): TestEvent => {
        return { user: 'u', product: `${at}`, at, type: 'PURCHASE', ...(session && { session }) };
      });
      return (await snapshotOf(bought)).digest;
    };
    expect(await digestOf(['s', 's'])).not.toBe(await digestOf([undefined, undefined]));
    expect(await digestOf([undefined, 's'])).toBe(await digestOf(['t', undefined]));
  });

  it('have a sequence that differs between shoppers and between instants', async () => {
    const snapshot = await snapshotOf(sameOrders(40, 8));
    const sequences = new Set(
      Array.from({ length: 40 }, (_, user) => productsOf(snapshot, `u${user}`).join()),
    );
    expect(sequences.size).toBe(40);
    const later = await snapshotOf(sameOrders(1, 8, 1));
    expect(productsOf(later, 'u0')).not.toEqual(productsOf(snapshot, 'u0'));
  });

  it('have no relation to the order of product ids', async () => {
    const [users, products] = [2000, 10];
    const snapshot = await snapshotOf(sameOrders(users, products));
    const placeSums = new Float64Array(products);
    let ascending = 0;
    for (let user = 0; user < users; user++) {
      const sequence = productsOf(snapshot, `u${user}`);
      for (const [place, id] of sequence.entries()) placeSums[Number(id.slice(1))] += place;
      ascending += sequence.filter((id, place) => place > 0 && sequence[place - 1] < id).length;
    }
    // A place has the mean 4.5 and the deviation 2.87, so that a mean over 2,000 has .064: five of them are .32.
    for (const sum of placeSums) expect(Math.abs(sum / users - 4.5)).toBeLessThan(0.32);
    // Of two neighbours the first has the lower id in half of the cases; deviation over 18,000 pairs: .0037.
    expect(Math.abs(ascending / (users * (products - 1)) - 0.5)).toBeLessThan(0.02);
  });

  it('are the same for any order of the rows', async () => {
    const events = sameOrders(5, 6);
    const { digest } = await snapshotOf(events);
    const rng = createRng(7);
    for (let trial = 0; trial < 5; trial++)
      expect((await snapshotOf(rng.shuffle([...events]))).digest).toBe(digest);
  });
});

describe('shuffling within orders', () => {
  it('moves products within their order only, and draws nothing where every order has one product', () => {
    const orders = [0, 1, 1, 1, 1, 2, 3, 3];
    const runs = runsOf(orders);
    expect(runs).toEqual([
      { start: 1, end: 5 },
      { start: 6, end: 8 },
    ]);
    const firsts = new Set<number>();
    const rng = createRng(1);
    for (let trial = 0; trial < 60; trial++) {
      const rows = Uint32Array.from(orders.keys());
      shuffleOrders(rows, runs, rng);
      expect([rows[0], rows[5]]).toEqual([0, 5]);
      expect([...rows.subarray(1, 5)].sort()).toEqual([1, 2, 3, 4]);
      firsts.add(rows[1]);
    }
    expect(firsts.size).toBe(4);
    const untouched = createRng(3);
    shuffleOrders(Uint32Array.of(4, 5), runsOf([1, 2]), untouched);
    expect(untouched.uniform()).toBe(createRng(3).uniform());
  });
});
