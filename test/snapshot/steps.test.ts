import { stepsOf } from '../../src/snapshot/steps';
import { snapshotOf, type TestEvent } from '../support/snapshots';

async function stepsOfEvents(events: readonly TestEvent[]): Promise<[string, number, number][]> {
  const snapshot = await snapshotOf(events);
  const { productRows, weights, sessions } = stepsOf(snapshot);
  return Array.from(productRows, (row, step) => [snapshot.products.idOf(row), weights[step], sessions[step]]);
}

describe('the steps of users', () => {
  it('are their events in order of time', async () => {
    const steps = await stepsOfEvents([
      { user: 'u', product: 'b', at: 2 },
      { user: 'v', product: 'c', at: 1 },
      { user: 'u', product: 'a', at: 1 },
    ]);
    expect(steps).toEqual([
      ['a', 1, 0],
      ['b', 1, 0],
      ['c', 1, 1],
    ]);
  });

  it('merge the view and the cart of one product into one step, and count a return to it as another', async () => {
    const steps = await stepsOfEvents([
      { user: 'u', product: 'a', at: 1 },
      { user: 'u', product: 'a', at: 2, type: 'CART_ADD' },
      { user: 'u', product: 'a', at: 3, type: 'PURCHASE' },
      { user: 'u', product: 'b', at: 4 },
      { user: 'u', product: 'b', at: 5 },
    ]);
    expect(steps).toEqual([
      ['a', 9, 0],
      ['b', 1, 0],
      ['b', 1, 0],
    ]);
  });

  it('are separate in another session', async () => {
    const hour = 3_600_000;
    const steps = await stepsOfEvents([
      { user: 'u', product: 'a', at: 0 },
      { user: 'u', product: 'a', at: hour, type: 'CART_ADD' },
    ]);
    expect(steps.map(([, , session]) => session)).toEqual([0, 1]);
  });

  it('leave out events that show dislike', async () => {
    const steps = await stepsOfEvents([
      { user: 'u', product: 'a', at: 1 },
      { user: 'u', product: 'b', at: 2, type: 'DISLIKE' },
    ]);
    expect(steps).toEqual([['a', 1, 0]]);
  });
});

describe('the steps of an order', () => {
  it('are one per product, with the weight of all its events, and share the number of the order', async () => {
    const snapshot = await snapshotOf([
      { user: 'u', product: 'a', at: 1 },
      { user: 'u', product: 'a', at: 1, type: 'CART_ADD' },
      { user: 'u', product: 'b', at: 1 },
      { user: 'u', product: 'b', at: 1 },
      { user: 'u', product: 'c', at: 2 },
    ]);
    const { productRows, weights, orders } = stepsOf(snapshot);
    const byProduct = Object.fromEntries(
      Array.from(productRows, (row, step) => [snapshot.products.idOf(row), [weights[step], orders[step]]]),
    );
    expect(byProduct).toEqual({ a: [4, 0], b: [2, 0], c: [1, 1] });
  });

  it('take over the step of an order with one product only', async () => {
    const cart = (product: string, at: number): TestEvent => ({ user: 'u', product, at, type: 'CART_ADD' });
    const alone = await stepsOfEvents([{ user: 'u', product: 'a', at: 1 }, cart('a', 2), cart('b', 2)]);
    expect(alone.toSorted()).toEqual([
      ['a', 4, 0],
      ['b', 3, 0],
    ]);
    const beside = await stepsOfEvents([
      { user: 'u', product: 'a', at: 1 },
      { user: 'u', product: 'b', at: 1 },
      cart('a', 2),
    ]);
    expect(beside.toSorted()).toEqual([
      ['a', 1, 0],
      ['a', 3, 0],
      ['b', 1, 0],
    ]);
  });

  it('do not depend on the sequence in which an order is stored', async () => {
    // Of many shoppers with the same orders, whose sequences are drawn differently, all have the same steps.
    const events = Array.from({ length: 30 }, (_, user): TestEvent[] => [
      { user: `u${user}`, product: 'a', at: 1 },
      { user: `u${user}`, product: 'b', at: 1 },
      { user: `u${user}`, product: 'a', at: 2, type: 'CART_ADD' },
      { user: `u${user}`, product: 'c', at: 2 },
      { user: `u${user}`, product: 'c', at: 3, type: 'CART_ADD' },
    ]).flat();
    const snapshot = await snapshotOf(events);
    const { offsets, productRows, weights } = stepsOf(snapshot);
    const kinds = new Set(
      Array.from({ length: 30 }, (_, user) =>
        Array.from(productRows.subarray(offsets[user], offsets[user + 1]), (row, step) =>
          [snapshot.products.idOf(row), weights[offsets[user] + step]].join(''),
        )
          .sort()
          .join(),
      ),
    );
    expect(kinds).toEqual(new Set(['a1,a3,b1,c1,c3']));
  });
});
