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

  it('take the view and the cart of one product for one step, and coming back to it for another', async () => {
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

  it('are apart in another session', async () => {
    const hour = 3_600_000;
    const steps = await stepsOfEvents([
      { user: 'u', product: 'a', at: 0 },
      { user: 'u', product: 'a', at: hour, type: 'CART_ADD' },
    ]);
    expect(steps.map(([, , session]) => session)).toEqual([0, 1]);
  });

  it('leave out what says that a product was not liked', async () => {
    const steps = await stepsOfEvents([
      { user: 'u', product: 'a', at: 1 },
      { user: 'u', product: 'b', at: 2, type: 'DISLIKE' },
    ]);
    expect(steps).toEqual([['a', 1, 0]]);
  });
});
