import type { ShopperHistory } from '../../src/models/model';
import { addRepeats, repeatRatesOf } from '../../src/models/repeats';
import { stepsOf } from '../../src/snapshot/steps';
import { sessionOf } from '../support/scorers';
import { snapshotOf } from '../support/snapshots';

/** Returns the rates added to products in rows 0, 1, … after a history of them, oldest first. */
function added(rates: Float32Array, weights: readonly number[]): number[] {
  const history: ShopperHistory = {
    productRows: Uint32Array.from(weights.keys()),
    weights: Float32Array.from(weights),
    occurredAt: Float64Array.from(weights.keys()),
    now: weights.length,
  };
  const out = new Float32Array(weights.length);
  addRepeats(rates, history, out);
  return Array.from(out);
}

async function ratesOf(sessions: readonly string[]): Promise<Float32Array> {
  const events = sessions.flatMap((products, index) => sessionOf(`u${index}`, products));
  return repeatRatesOf(stepsOf(await snapshotOf(events)));
}

describe('the rates of repeats', () => {
  it('are 0 without repeats', async () => {
    const rates = await ratesOf(['abc', 'cde', 'adb']);
    expect(rates.every(rate => rate === 0)).toBe(true);
  });

  it('are counted by the number of products since, with 50 prior chances without a repeat', async () => {
    const rates = await ratesOf(Array.from({ length: 50 }, () => 'aba'));
    // Age 0: 100 chances (after a, after b), no repeat. Age 1: 50 chances, 50 repeats.
    const [older, latest] = added(rates, [1, 1]);
    expect(latest).toBe(0);
    expect(older).toBeCloseTo(50 / (50 + 50), 6);
  });

  it('are counted separately for products with more than one interaction', async () => {
    const rates = await ratesOf([...Array.from({ length: 50 }, () => 'aaa')]);
    expect(added(rates, [1])[0]).toBeCloseTo(50 / 100, 6);
    expect(added(rates, [2])[0]).toBeCloseTo(50 / 100, 6);
    expect(added(rates, [3])[0]).toBe(0);
  });

  it('ignore disliked products', async () => {
    const rates = await ratesOf(Array.from({ length: 50 }, () => 'aa'));
    expect(added(rates, [1, -1])).toEqual([expect.closeTo(0.5, 6), 0]);
  });
});
