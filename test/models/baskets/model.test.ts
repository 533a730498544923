import { baskets } from '../../../src/models/baskets/model';
import type { Scorer } from '../../../src/models/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { itBehavesLikeAModel } from '../../conformance/model';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const context = {
  seed: 1,
  threads: serialThreadPool({}),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

/** Settings without damping, shrinkage or thresholds, for results computed by hand. */
const plain = {
  minSupport: 1,
  minLift: 0,
  shrinkage: 0,
  liftExponent: 0,
  basketDamping: 0,
  sharpness: 1,
  substitutePenalty: 0,
  minBaskets: 1,
  fillTo: 0,
};

let serial = 0;
const together = (type: TestEvent['type'], products: string, times = 1): TestEvent[] =>
  Array.from({ length: times }, () => {
    const visit = `visit-${serial++}`;
    return Array.from(products, product => ({ user: visit, product, session: visit, type }) as TestEvent);
  }).flat();

const bought = (products: string, times = 1): TestEvent[] => together('PURCHASE', products, times);
const seen = (products: string, times = 1): TestEvent[] => together('VIEW', products, times);

async function scorerOf(
  events: readonly TestEvent[],
  overrides: Readonly<Record<string, number>> = plain,
  change: (snapshot: Snapshot) => Snapshot = snapshot => snapshot,
): Promise<Scorer<'complements'>> {
  const model = baskets(overrides);
  return model.load(await model.train(change(await snapshotOf(events)), context));
}

async function sourceOf(events: readonly TestEvent[], overrides: Readonly<Record<string, number>>) {
  const { header } = await baskets(overrides).train(await snapshotOf(events), context);
  return header.config['source'];
}

function complementsOf(scorer: Scorer<'complements'>, cart: string): ReadonlyMap<string, number> {
  const out = new Float32Array(scorer.products.size);
  scorer.complementsInto(
    Uint32Array.from(cart, id => scorer.products.rowOf(id)),
    out,
  );
  return new Map(Array.from(out, (score, row) => [scorer.products.idOf(row), score]));
}

const bestOf = (scorer: Scorer<'complements'>, cart: string): string | undefined =>
  [...complementsOf(scorer, cart)].filter(([, score]) => score > 0).sort((a, b) => b[1] - a[1])[0]?.[0];

itBehavesLikeAModel(baskets);

describe('complements', () => {
  const shop = [...bought('ab', 3), ...bought('ac'), ...bought('bd', 2), ...bought('ce', 4)];

  it('equal the confidence of the rule from the cart to the product with plain settings', async () => {
    const complements = complementsOf(await scorerOf(shop), 'a');
    expect(complements.get('b')).toBeCloseTo(3 / 4, 6);
    expect(complements.get('c')).toBeCloseTo(1 / 4, 6);
    expect(complements.get('d')).toBeNaN();
    expect(complements.get('a')).toBeNaN();
  });

  it('equal the lift with exponent 1', async () => {
    const complements = complementsOf(await scorerOf(shop, { ...plain, liftExponent: 1 }), 'a');
    expect(complements.get('b')).toBeCloseTo((3 * 10) / (4 * 5), 5);
    expect(complements.get('c')).toBeCloseTo((1 * 10) / (4 * 5), 5);
  });

  it('are asymmetric: a phone suggests its case, but a case that fits many phones does not suggest this phone', async () => {
    // Nine of ten phones p are bought with a case c; thirty of thirty-nine cases are bought with other products.
    const events = [
      ...bought('pc', 9),
      ...bought('px'),
      ...bought('cx', 15),
      ...bought('cy', 15),
      ...bought('vw', 40),
    ];
    const scorer = await scorerOf(events, { minBaskets: 1 });
    const forward = Number(complementsOf(scorer, 'p').get('c'));
    expect(forward).toBeGreaterThan(2 * Number(complementsOf(scorer, 'c').get('p')));
    expect(bestOf(scorer, 'p')).toBe('c');
    expect(bestOf(scorer, 'c')).not.toBe('p');
  });

  it('weigh less with fewer baskets, and are left out below the minimum support', async () => {
    const shrunk = complementsOf(await scorerOf(shop, { ...plain, shrinkage: 3 }), 'a');
    expect(shrunk.get('b')).toBeCloseTo((3 / 4) * (3 / 6), 6);
    expect(shrunk.get('c')).toBeCloseTo((1 / 4) * (1 / 4), 6);
    const supported = complementsOf(await scorerOf(shop, { ...plain, minSupport: 2 }), 'a');
    expect(supported.get('b')).toBeCloseTo(3 / 4, 6);
    expect(supported.get('c')).toBeNaN();
  });

  it('require that a pair is bought together more often than by chance', async () => {
    const complements = complementsOf(await scorerOf(shop, { ...plain, minLift: 1 }), 'a');
    expect(complements.get('b')).toBeGreaterThan(0);
    expect(complements.get('c')).toBeNaN();
  });

  it('weigh each pair in a large basket less', async () => {
    const events = [...bought('ab'), ...bought('acde')];
    const complements = complementsOf(await scorerOf(events, { ...plain, basketDamping: 1 }), 'a');
    expect(complements.get('b')).toBeCloseTo(1 / 2, 6);
    expect(complements.get('c')).toBeCloseTo(1 / 2 / 3, 6);
  });

  it('add up over a cart, and approach the strongest with a high p', async () => {
    const events = [...bought('az', 2), ...bought('aq', 2), ...bought('bz', 2), ...bought('by', 8)];
    const added = complementsOf(await scorerOf(events), 'ab');
    expect(added.get('z')).toBeCloseTo(2 / 4 + 2 / 10, 6);
    expect(added.get('y')).toBeCloseTo(8 / 10, 6);
    const sharp = complementsOf(await scorerOf(events, { ...plain, sharpness: 10 }), 'ab');
    expect(sharp.get('z')).toBeCloseTo(1 / 2, 3);
  });

  it('do not exist for products that were never bought with others', async () => {
    const scorer = await scorerOf([...shop, ...seen('f')]);
    expect([...complementsOf(scorer, 'f').values()].every(Number.isNaN)).toBe(true);
  });
});

describe('substitutes', () => {
  // t and u are viewed together often and bought together once; t is bought with its case c.
  const shop = [
    ...seen('tu', 40),
    ...bought('tu', 4),
    ...bought('tc', 4),
    ...bought('xy', 30),
    ...bought('uc'),
  ];

  it('rank lower: viewed together, but rarely bought together', async () => {
    const without = complementsOf(await scorerOf(shop, { ...plain, substitutePenalty: 0 }), 't');
    expect(without.get('u')).toBeCloseTo(Number(without.get('c')), 6);
    const scorer = await scorerOf(shop, { ...plain, substitutePenalty: 1 });
    const complements = complementsOf(scorer, 't');
    expect(Number(complements.get('u'))).toBeLessThan(0.5 * Number(complements.get('c')));
  });

  it('rank still lower within a leaf category whose products replace each other', async () => {
    const events = [...shop, ...bought('tv', 4), ...bought('tw', 4)];
    const leaf = (id: string) => (['t', 'u', 'v'].includes(id) ? ['Phones'] : [`Other ${id}`]);
    const described = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      documents: Array.from({ length: snapshot.products.size }, (_, row) => ({
        titles: [],
        descriptions: [],
        categoryPath: leaf(snapshot.products.idOf(row)),
        features: [],
        priceMinor: Number.NaN,
      })),
    });
    const scorer = await scorerOf(events, { ...plain, substitutePenalty: 1 }, described);
    const complements = complementsOf(scorer, 't');
    expect(Number(complements.get('v'))).toBeLessThan(Number(complements.get('w')));
  });

  it('are not detected without views', async () => {
    const events = [...bought('ab', 3), ...bought('cd', 2)];
    const complements = complementsOf(await scorerOf(events, { ...plain, substitutePenalty: 2 }), 'a');
    expect(complements.get('b')).toBeCloseTo(1, 6);
  });
});

describe('baskets', () => {
  const carts = together('CART_ADD', 'ab', 6);

  it('are purchases if there are enough, else carts, sessions or all products of a shopper, and the header names the source', async () => {
    expect(await sourceOf([...bought('ab', 5), ...carts], { minBaskets: 5 })).toBe('PURCHASE');
    expect(await sourceOf([...bought('ab', 4), ...carts], { minBaskets: 5 })).toBe('CART_ADD');
    expect(await sourceOf([...bought('ab', 2), ...seen('ab', 5)], { minBaskets: 5 })).toBe('SESSION');
    const apart = ['u', 'v', 'w', 'x', 'y'].flatMap(user =>
      ['a', 'b', 'c'].map((product, day) => ({ user, product, at: day * 86_400_000 })),
    );
    expect(await sourceOf(apart, { minBaskets: 5 })).toBe('SHOPPER');
  });

  it('come from the source with most baskets when none has enough', async () => {
    expect(await sourceOf([...bought('ab', 6), ...carts], { minBaskets: 50 })).toBe('SESSION');
    expect(await sourceOf(bought('ab', 6), { minBaskets: 50 })).toBe('PURCHASE');
  });

  it('with more products than the limit are left out', async () => {
    const events = [...bought('ab', 2), ...bought('acdefg', 5)];
    const complements = complementsOf(await scorerOf(events, { ...plain, maxLength: 5 }), 'a');
    expect(complements.get('b')).toBeCloseTo(1, 6);
    expect(complements.get('c')).toBeNaN();
  });
});
