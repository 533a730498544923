import { heldOutCarts } from '../../../src/models/baskets/heldOutCarts';
import { baskets } from '../../../src/models/baskets/model';
import { popularity } from '../../../src/models/popularity/model';
import { shopperTrialOf, trialGains } from '../../../src/models/shopperTrial';
import { createRng } from '../../../src/numeric/rng';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { trainContext } from '../../support/scorers';
import type { TestEvent } from '../../support/snapshots';
import { describedSnapshot } from '../../support/sparseShop';

const day = 86_400_000;

/** Orders of four products of two categories that go together: which products is left to chance. */
function orders(count: number): Promise<Snapshot> {
  const rng = createRng(1);
  const categories = new Map<string, readonly string[]>();
  for (let category = 0; category < 10; category++)
    for (let product = 0; product < 60; product++)
      categories.set(`p${category}-${product}`, [`c${category}`]);
  const events = Array.from({ length: count }, (_, index): TestEvent[] => {
    const pair = rng.int(5);
    return [0, 1, 2, 3].map(line => ({
      user: `u${index % 60}`,
      product: `p${2 * pair + (line % 2)}-${Math.floor(60 * rng.uniform() ** 2)}`,
      type: 'PURCHASE',
      at: index * day,
      session: `o${index}`,
    }));
  }).flat();
  return describedSnapshot(events, Object.fromEntries(categories));
}

const meanOf = (gains: Float64Array): number => gains.reduce((sum, gain) => sum + gain, 0) / gains.length;

describe('baskets in a shop where pairs are rare', () => {
  it('find the rest of a cart by categories, better than popularity and than pairs alone', async () => {
    const snapshot = await orders(300);
    const { train } = await shopperTrialOf(snapshot, 1);
    const carts = heldOutCarts(snapshot, train, 1);
    expect(carts.length).toBeGreaterThan(20);
    const gainOf = async (model: ReturnType<typeof baskets | typeof popularity>): Promise<number> =>
      meanOf(trialGains(model.load(await model.train(train, trainContext())), carts));
    const own = await gainOf(baskets());
    expect(own).toBeGreaterThan(1.5 * (await gainOf(popularity())));
    expect(own).toBeGreaterThan(1.5 * (await gainOf(baskets({ backoffStrength: 0 }))));
  });

  it('score all products for a cart, but complement it only with what was bought together', async () => {
    const snapshot = await orders(100);
    const model = baskets();
    const artifact = await model.train(snapshot, trainContext());
    const scorer = model.load(artifact);
    const cart = Uint32Array.of(scorer.products.rowOf('p2-0'));
    const [all, together] = [0, 1].map(() => new Float32Array(scorer.products.size));
    scorer.scoreCartInto(cart, all);
    scorer.complementsInto(cart, together);
    for (let row = 0; row < all.length; row++) {
      expect(Number.isNaN(all[row])).toBe(row === cart[0]);
      expect(Number.isNaN(together[row])).toBe(row === cart[0] || scorer.evidenceOf(cart, row) === null);
    }
    const earlier = new Map([...artifact.arrays].filter(([name]) => !name.startsWith('backoff')));
    model.load({ ...artifact, arrays: earlier }).scoreCartInto(cart, all);
    expect(all.every((score, row) => Number.isNaN(score) === (row === cart[0]))).toBe(true);
  });
});

describe('held-out carts', () => {
  it('ask for one product of each later order, given the others', async () => {
    const snapshot = await orders(300);
    const { train } = await shopperTrialOf(snapshot, 1);
    for (const { history, known, relevant } of heldOutCarts(snapshot, train, 1)) {
      expect(relevant.length).toBe(1);
      expect([...known]).toEqual([...history.productRows]);
      expect(known.includes(relevant[0])).toBe(false);
    }
  });
});
