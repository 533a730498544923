import { heldOutCarts } from '../../../src/evaluation/shop/heldOutCarts';
import { withEvents } from '../../../src/snapshot/split';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const hour = 3_600_000;

/** Carts of three of nine products, each of a shopper of its own: `count` before the cut at 0, as many after it. */
const cartsOf = (count: number, type: 'PURCHASE' | 'CART_ADD'): TestEvent[] =>
  Array.from({ length: 2 * count }, (_, cart) =>
    [0, 1, 2].map(place => ({
      user: `${type}${cart}`,
      product: `p${(cart + 2 * place) % 9}`,
      at: (cart - count) * hour,
      type,
    })),
  ).flat();

async function askedOf(events: readonly TestEvent[], isTrained: (at: number) => boolean = at => at < 0) {
  const snapshot = await snapshotOf(events, 1000 * hour);
  const { occurredAt } = snapshot.events;
  const train = await withEvents(snapshot, 0, event => isTrained(occurredAt[event]));
  const questions = heldOutCarts(snapshot, train, 1);
  const rows = Int32Array.from({ length: snapshot.products.size }, (_, row) => row);
  return { snapshot, asked: [...questions.userRows].map(index => questions.of(index, rows)) };
}

describe('heldOutCarts', () => {
  it('asks for one product of each held-out order, given the others', async () => {
    const { asked } = await askedOf(cartsOf(40, 'PURCHASE'));
    expect(asked).toHaveLength(40);
    for (const { relevant, excluded, history, isCart } of asked) {
      expect(isCart).toBe(true);
      expect([relevant.length, excluded.length]).toEqual([1, 2]);
      expect(excluded).not.toContain(relevant[0]);
      expect(history.productRows).toEqual(excluded);
    }
  });

  it('leaves out products without an event before, and orders of one product', async () => {
    const unknown = { user: 'PURCHASE79', product: 'new', at: 39 * hour, type: 'PURCHASE' as const };
    const single = { user: 'single', product: 'p1', at: 39 * hour, type: 'PURCHASE' as const };
    const { snapshot, asked } = await askedOf([...cartsOf(40, 'PURCHASE'), unknown, single]);
    expect(asked).toHaveLength(40);
    const row = snapshot.products.rowOf('new');
    expect(asked.some(({ relevant, excluded }) => [...relevant, ...excluded].includes(row))).toBe(false);
  });

  it('asks for carts where orders are few and carts are more', async () => {
    const both = (orders: number): TestEvent[] => [
      ...cartsOf(orders, 'PURCHASE'),
      ...cartsOf(35, 'CART_ADD'),
    ];
    expect((await askedOf(both(6))).asked).toHaveLength(35);
    expect((await askedOf(both(31))).asked).toHaveLength(31);
  });

  it('asks nothing where nothing is held out', async () => {
    expect((await askedOf(cartsOf(40, 'PURCHASE'), () => true)).asked).toEqual([]);
  });
});
