import type { ShopperHistory } from '../../../src/models/model';
import { ratedFactors } from '../../../src/models/ratedFactors/model';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

itBehavesLikeAModel(() => ratedFactors({ rank: 4, epochs: 4 }));

const contextOf = () => ({
  seed: 5,
  threads: serialThreadPool({}),
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

/**
 * Shops with known preferences: even users love even products and dislike odd ones, the others the reverse;
 * every third user rates one star lower.
 */
function truthOf(user: number, product: number): number {
  const taste = user % 2 === product % 2 ? 1.2 : -1.2;
  return 3.4 + taste - (user % 3 === 0 ? 1 : 0);
}

function ratings(given: Partial<TestEvent> = {}): TestEvent[] {
  const rng = createRng(11);
  return Array.from({ length: 2400 }, () => {
    const [user, product] = [rng.int(80), rng.int(30)];
    const value = Math.min(Math.max(truthOf(user, product) + 0.3 * rng.gaussian(), 0.5), 5);
    return { user: `u${user}`, product: `p${product}`, type: 'RATING', value, ...given } as const;
  });
}

const historyOf = (productRows: readonly number[], stars: readonly number[]): ShopperHistory => ({
  productRows: Uint32Array.from(productRows),
  weights: Float32Array.from(stars, value => (4 * (value - 2.5)) / 2.5),
  occurredAt: new Float64Array(stars.length),
  now: 0,
  stars: Float32Array.from(stars),
});

async function trained(events: readonly TestEvent[], overrides = {}) {
  const model = ratedFactors({ rank: 3, epochs: 15, ...overrides });
  return model.load(await model.train(await snapshotOf(events), contextOf()));
}

describe('rated-factors', () => {
  it('predicts the stars of a new shopper from six ratings', async () => {
    const scorer = await trained(ratings());
    const rows = [0, 1, 2, 3, 4, 5].map(product => scorer.products.rowOf(`p${product}`));
    const out = new Float32Array(scorer.products.size);
    for (const user of [0, 1, 2, 3]) {
      scorer.rateInto(
        historyOf(
          rows,
          [0, 1, 2, 3, 4, 5].map(product => truthOf(user, product)),
        ),
        out,
      );
      for (let product = 6; product < 30; product++) {
        const error = Math.abs(out[scorer.products.rowOf(`p${product}`)] - truthOf(user, product));
        expect(error).toBeLessThan(0.35);
      }
    }
  });

  it('returns average stars within the given range for a shopper without history', async () => {
    const scorer = await trained(ratings());
    const out = new Float32Array(scorer.products.size);
    scorer.rateInto(historyOf([], []), out);
    for (const stars of out) expect(Math.abs(stars - 3.07)).toBeLessThan(0.35);
    scorer.rateInto(historyOf([0, 1, 2, 3], [5, 5, 5, 5]), out);
    expect(Math.max(...out)).toBeLessThanOrEqual(5);
  });

  it('uses implied stars for events without a rating, with a lower weight', async () => {
    const scorer = await trained(ratings(), { impliedWeight: 0.1 });
    const even = ['p0', 'p2', 'p4'].map(id => scorer.products.rowOf(id));
    const { stars: _, ...implied } = historyOf(even, [5, 5, 5]);
    const [given, other] = [new Float32Array(30), new Float32Array(30)];
    scorer.rateInto(historyOf(even, [5, 5, 5]), given);
    scorer.rateInto(implied, other);
    const [liked, disliked] = [scorer.products.rowOf('p10'), scorer.products.rowOf('p11')];
    expect(other[liked] - other[disliked]).toBeGreaterThan(0.1);
    expect(given[liked] - given[disliked]).toBeGreaterThan(other[liked] - other[disliked]);
  });

  it('ranks liked products first, and of two similar ones the one with more opinions', async () => {
    const rare = { user: 'u0', product: 'rare', type: 'RATING', value: 3.6 } as const;
    const scorer = await trained([...ratings(), rare]);
    const out = new Float32Array(scorer.products.size);
    scorer.scoreInto([historyOf([scorer.products.rowOf('p2')], [5])], out);
    expect(out[scorer.products.rowOf('p8')]).toBeGreaterThan(out[scorer.products.rowOf('p9')]);
    expect(out[scorer.products.rowOf('p8')]).toBeGreaterThan(out[scorer.products.rowOf('rare')]);
  });

  it('uses the latest stars', async () => {
    const again = ratings({ at: 2, value: 1 });
    const scorer = await trained([...ratings({ at: 1, value: 5 }), ...again]);
    const out = new Float32Array(scorer.products.size);
    scorer.rateInto(historyOf([], []), out);
    expect(Math.max(...out)).toBeLessThan(1.1);
  });
});
