import type { Scorer } from '../../src/models/model';
import { bestCandidate, shopperTrialOf, type TrialShopper, trialGains } from '../../src/models/shopperTrial';
import { vocabularyOf } from '../../src/snapshot/vocabulary';
import { sparseShop } from '../support/sparseShop';

const products = vocabularyOf(Array.from({ length: 50 }, (_, row) => `p${row}`));

/** Gives every shopper the same scores. */
const constant = (scoreOf: (row: number) => number): Scorer => ({
  products,
  scoreInto(_, out) {
    for (let row = 0; row < out.length; row++) out[row] = scoreOf(row);
  },
});

const shopper = (relevant: readonly number[], known: readonly number[] = []): TrialShopper => ({
  history: {
    productRows: Uint32Array.of(0),
    weights: Float32Array.of(1),
    occurredAt: Float64Array.of(0),
    now: 0,
  },
  known: Uint32Array.from(known),
  relevant: Uint32Array.from(relevant),
});

describe('the gains of a trial', () => {
  it('are NDCG@20 among the products that are new to the shopper', () => {
    const descending = constant(row => -row);
    expect(trialGains(descending, [shopper([0])])[0]).toBeCloseTo(1, 9);
    expect(trialGains(descending, [shopper([2], [0])])[0]).toBeCloseTo(1 / Math.log2(3), 9);
    expect(trialGains(descending, [shopper([20])])[0]).toBe(0);
    expect(trialGains(descending, [shopper([0, 1])])[0]).toBeCloseTo(1, 9);
  });

  it('are those of a lot among equal scores, and 0 without a score', () => {
    let places = 0;
    for (let place = 0; place < 20; place++) places += 1 / Math.log2(place + 2);
    expect(
      trialGains(
        constant(() => 1),
        [shopper([7])],
      )[0],
    ).toBeCloseTo(places / 50, 9);
    expect(
      trialGains(
        constant(() => Number.NaN),
        [shopper([7])],
      )[0],
    ).toBe(0);
  });
});

describe('the choice of a trial', () => {
  const noisy = (mean: number, noise: number): Float64Array =>
    Float64Array.from({ length: 100 }, (_, index) => mean + (index % 2 === 0 ? noise : -noise));

  it('keeps the first candidate unless a later one is better by more than noise', () => {
    const gains = new Map([
      ['first', noisy(0.1, 0)],
      ['noise', noisy(0.11, 0.5)],
      ['better', noisy(0.2, 0.01)],
    ]);
    const gainsOf = (name: string): Float64Array => gains.get(name) ?? new Float64Array(0);
    expect(bestCandidate(['first', 'noise'], gainsOf)).toBe('first');
    expect(bestCandidate(['first', 'noise', 'better'], gainsOf)).toBe('better');
  });

  it('keeps the first candidate unless a later one is better by a share of it, where asked for', () => {
    const gainsOf = (mean: number): Float64Array => noisy(mean, 0);
    expect(bestCandidate([0.1, 0.102], gainsOf)).toBe(0.102);
    expect(bestCandidate([0.1, 0.102], gainsOf, 0.03)).toBe(0.1);
    expect(bestCandidate([0.1, 0.104], gainsOf, 0.03)).toBe(0.104);
  });

  it('keeps the first candidate where there are few shoppers', () => {
    const gainsOf = (name: string): Float64Array => new Float64Array(5).fill(name === 'b' ? 1 : 0);
    expect(bestCandidate(['a', 'b'], gainsOf)).toBe('a');
  });
});

describe('the data of a trial', () => {
  it('ask shoppers for products of later orders that they never met, and mark the products of their histories', async () => {
    const snapshot = await sparseShop(false);
    const { shoppers, isWanted, train } = await shopperTrialOf(snapshot, 1);
    expect(shoppers.length).toBeGreaterThan(20);
    expect(train.events.length).toBeLessThan(snapshot.events.length);
    for (const { history, known, relevant } of shoppers) {
      expect([...relevant].filter(row => known.includes(row))).toEqual([]);
      expect(relevant.length).toBeGreaterThan(0);
      for (const row of history.productRows) expect(isWanted[row]).toBe(1);
    }
  });
});
