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
