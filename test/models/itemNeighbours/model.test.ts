import type { SettingOverrides } from '../../../src/learning/settings';
import { itemNeighbours } from '../../../src/models/itemNeighbours/model';
import type { Scorer } from '../../../src/models/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const hour = 3_600_000;
const context = {
  seed: 1,
  threads: serialThreadPool({}),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

/** Plain cosine on sets, without damping, shrinkage, order or back-off. */
const plainCosine = {
  backoffStrength: 0,
  backoffSpread: 'popularity',
  userDamping: 0,
  sourceExponent: 0.5,
  targetExponent: 0.5,
  shrinkage: 0,
  historyDecay: 1,
};

/** A basket: products of one instant. */
const basket = (user: string, products: string): TestEvent[] =>
  Array.from(products, product => ({ user, product }));

/** One product per hour. */
const sequence = (user: string, products: string): TestEvent[] =>
  Array.from(products, (product, step) => ({ user, product, at: step * hour }));

async function trained(
  events: readonly TestEvent[],
  overrides: SettingOverrides,
): Promise<Scorer<'similar'>> {
  const model = itemNeighbours(overrides);
  return model.load(await model.train(await snapshotOf(events), context));
}

function similarTo(scorer: Scorer<'similar'>, product: string): ReadonlyMap<string, number> {
  const out = new Float32Array(scorer.products.size);
  scorer.similarInto(scorer.products.rowOf(product), out);
  return new Map(Array.from(out, (score, row) => [scorer.products.idOf(row), score]));
}

function scoresFor(
  scorer: Scorer,
  history: readonly (readonly [product: string, weight: number, at: number])[],
): ReadonlyMap<string, number> {
  const out = new Float32Array(scorer.products.size);
  const shopper = {
    productRows: Uint32Array.from(history, ([product]) => scorer.products.rowOf(product)),
    weights: Float32Array.from(history, ([, weight]) => weight),
    occurredAt: Float64Array.from(history, ([, , at]) => at),
    now: 100,
  };
  scorer.scoreInto([shopper], out);
  return new Map(Array.from(out, (score, row) => [scorer.products.idOf(row), score]));
}

itBehavesLikeAModel(itemNeighbours);

describe('the similarities of item-neighbours', () => {
  const baskets = [...basket('u', 'ab'), ...basket('v', 'ab'), ...basket('w', 'ac'), ...basket('x', 'bcd')];

  it('equal the cosine when damping, shrinkage and order are off', async () => {
    // a: u v w; b: u v x; c: w x; d: x. By hand: |a∩b| / √(|a||b|) = 2/3, |a∩c| / √(3·2) = 0.408.
    const similar = similarTo(await trained(baskets, plainCosine), 'a');
    expect(similar.get('b')).toBeCloseTo(2 / 3, 5);
    expect(similar.get('c')).toBeCloseTo(1 / Math.sqrt(6), 5);
    expect(similar.get('d')).toBeCloseTo(0, 5);
    expect(similar.get('a')).toBeNaN();
  });

  it('weigh a pair less with fewer users', async () => {
    const similar = similarTo(await trained(baskets, { ...plainCosine, shrinkage: 2 }), 'a');
    expect(similar.get('b')).toBeCloseTo((2 / 3) * (2 / 4), 5);
    expect(similar.get('c')).toBeCloseTo((1 / Math.sqrt(6)) * (1 / 3), 5);
  });

  it('equal the random walk with damping 1 and exponents 1 and β', async () => {
    const walk = { ...plainCosine, userDamping: 1, sourceExponent: 1, targetExponent: 0 };
    const similar = similarTo(await trained(baskets, walk), 'b');
    // From b to u, v or x with 1/3 each; from u and v on to a; from x to c or d with 1/2 each.
    expect(similar.get('a')).toBeCloseTo(2 / 3, 5);
    expect(similar.get('c')).toBeCloseTo(1 / 6, 5);
    expect(similar.get('d')).toBeCloseTo(1 / 6, 5);
  });

  it('depend on order: the next product counts more than the previous one, and near ones more than far ones', async () => {
    const ordered = { ...plainCosine, proximityDecay: 0.5, backwardShare: 0.25 };
    const similar = similarTo(await trained(sequence('u', 'abcd'), ordered), 'b');
    expect(similar.get('c')).toBeCloseTo(1, 5);
    expect(similar.get('d')).toBeCloseTo(0.5, 5);
    expect(similar.get('a')).toBeCloseTo(0.25, 5);
  });

  it('weigh a purchase more than a view', async () => {
    const events: TestEvent[] = [
      ...basket('u', 'ab'),
      { user: 'v', product: 'a' },
      { user: 'v', product: 'c', type: 'PURCHASE' },
    ];
    const similar = similarTo(await trained(events, { ...plainCosine, targetExponent: 0 }), 'a');
    expect(Number(similar.get('c')) / Number(similar.get('b'))).toBeCloseTo(Math.sqrt(Math.log2(6)), 5);
  });

  it('ignore disliked products', async () => {
    const events: TestEvent[] = [...basket('u', 'ab'), { user: 'u', product: 'c', type: 'DISLIKE' }];
    expect(similarTo(await trained(events, plainCosine), 'a').get('c')).toBeLessThan(1e-5);
  });

  it('are stored for the best neighbours only', async () => {
    const similar = similarTo(await trained(baskets, { ...plainCosine, neighbours: 1 }), 'a');
    expect(similar.get('b')).toBeCloseTo(2 / 3, 5);
    expect(similar.get('c')).toBeLessThan(1e-5);
  });

  it('use only the latest products of a user, up to the limit', async () => {
    const scorer = await trained(sequence('u', 'abc'), { ...plainCosine, maxLength: 2 });
    expect(similarTo(scorer, 'a').get('b')).toBeLessThan(1e-5);
    expect(similarTo(scorer, 'b').get('c')).toBeCloseTo(1, 5);
  });
});

describe('the scores of item-neighbours', () => {
  const pairs = [...basket('u', 'ab'), ...basket('v', 'cd'), ...basket('w', 'ef'), ...basket('x', 'ef')];

  it('decay with each later instant of the history, not with products of the same instant', async () => {
    const scorer = await trained(pairs, { ...plainCosine, historyDecay: 0.5 });
    const scores = scoresFor(scorer, [
      ['a', 1, 10],
      ['c', 1, 20],
      ['e', 1, 20],
    ]);
    expect(scores.get('b')).toBeCloseTo(0.5, 4);
    expect(scores.get('d')).toBeCloseTo(1, 4);
    expect(scores.get('f')).toBeCloseTo(1, 4);
  });

  it('are lower for neighbours of a disliked product', async () => {
    const scores = scoresFor(await trained(pairs, plainCosine), [
      ['a', 1, 1],
      ['c', -1, 2],
    ]);
    expect(scores.get('b')).toBeCloseTo(1, 4);
    expect(scores.get('d')).toBeCloseTo(-1, 4);
  });

  it('follow popularity for products without a neighbour in the history', async () => {
    const scores = scoresFor(await trained(pairs, plainCosine), [['a', 1, 1]]);
    expect(scores.get('e')).toBeGreaterThan(Number(scores.get('c')));
    expect(scores.get('e')).toBeLessThan(1e-5);
  });
});
