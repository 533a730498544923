import { actionStepsOf } from '../../../src/insights/nextAction/steps';
import { actionVocabularyOf } from '../../../src/insights/nextAction/vocabulary';
import { createRng } from '../../../src/numeric/rng';
import type { ProductDocument } from '../../../src/snapshot/snapshot';
import { snapshotOf, type TestEvent } from '../../support/snapshots';
import { codeOf, dayMs, minuteMs, stepAt, stepsOfEvents, stepsOfSnapshot } from './actionSteps';

const documentOf = (path: readonly string[], priceMinor: number): ProductDocument => ({
  titles: [],
  descriptions: [],
  categoryPath: path,
  features: [],
  priceMinor,
});

/** A visit: two products, back to the first, into the cart, paid; the next day a view. */
const visit: readonly TestEvent[] = [
  { user: 'u', product: 'a', at: 0 },
  { user: 'u', product: 'b', at: minuteMs },
  { user: 'u', product: 'a', at: 2 * minuteMs, type: 'CART_ADD' },
  { user: 'u', product: 'a', at: 3 * minuteMs, type: 'PURCHASE' },
  { user: 'u', product: 'b', at: dayMs + 5 * 3_600_000 },
];

describe('steps of shoppers', () => {
  it('contain what was viewed, put in the cart and bought before', async () => {
    const steps = await stepsOfEvents(visit);
    expect(stepAt(steps, 0)).toMatchObject({ startsSession: 1, position: 0, gapSeconds: 0, products: 1 });
    expect(stepAt(steps, 2)).toMatchObject({
      type: codeOf('CART_ADD'),
      firstType: codeOf('VIEW'),
      position: 2,
      gapSeconds: 60,
      sessionSeconds: 120,
      seenInSession: 1,
      seenBefore: 0,
      isFirstProduct: 1,
      isSameProduct: 0,
      wasInCart: 0,
      cartSize: 1,
      cartAdds: 1,
      products: 2,
    });
    expect(stepAt(steps, 3)).toMatchObject({ wasInCart: 1, isSameProduct: 1, cartSize: 0, purchases: 1 });
    expect(stepAt(steps, 4)).toMatchObject({
      startsSession: 1,
      sessions: 1,
      position: 0,
      seenInSession: 0,
      seenBefore: 1,
      purchases: 0,
      products: 1,
      hour: 5,
      // 2 January 1970.
      weekday: 5,
    });
  });

  it('begin a session after half an hour without events, and when the client names another', async () => {
    const at = [0, 30, 61, 62, 63];
    const sessions = ['s', 's', 's', 't', 't'];
    const steps = await stepsOfEvents(
      at.map((minutes, index) => ({
        user: 'u',
        product: 'a',
        at: minutes * minuteMs,
        session: sessions[index],
      })),
    );
    expect(Array.from(steps.columns.startsSession)).toEqual([1, 0, 1, 1, 0]);
  });
});

describe('searches', () => {
  it('are steps that belong to the open session or begin one', async () => {
    const snapshot = await snapshotOf(
      [
        { user: 'u', product: 'a', at: 40 * minuteMs, session: 's' },
        { user: 'u', product: 'a', at: 50 * minuteMs, session: 's' },
        { user: 'v', product: 'a', at: 0 },
      ],
      dayMs,
    );
    const texts = {
      length: 4,
      kind: Uint8Array.of(0, 0, 1, 0),
      userRow: Uint32Array.of(0, 0, 0, 1),
      occurredAt: Float64Array.of(39, 50, 51, 1).map(minutes => minutes * minuteMs),
      texts: ['', '', '', ''],
    };
    const steps = stepsOfSnapshot({ ...snapshot, texts });
    const [search, view] = [codeOf('SEARCH'), codeOf('VIEW')];
    expect(Array.from(steps.columns.type)).toEqual([search, view, search, view, view, search]);
    expect(Array.from(steps.columns.startsSession)).toEqual([1, 0, 0, 0, 1, 0]);
    expect(Array.from(steps.columns.firstType)).toEqual([search, search, search, search, view, view]);
    expect(Array.from(steps.offsets)).toEqual([0, 4, 6]);
  });

  it('count once when they name a product, although they are both event and text', async () => {
    const snapshot = await snapshotOf([{ user: 'u', product: 'a', at: minuteMs, type: 'SEARCH' }], dayMs);
    const texts = {
      length: 2,
      kind: Uint8Array.of(0, 0),
      userRow: Uint32Array.of(0, 0),
      occurredAt: Float64Array.of(minuteMs, 2 * minuteMs),
      texts: ['', ''],
    };
    const steps = stepsOfSnapshot({ ...snapshot, texts });
    expect(Array.from(steps.columns.category)).toHaveLength(2);
    expect(Array.from(steps.columns.products)).toEqual([1, 1]);
  });
});

describe('a step', () => {
  it('has the deepest category of the vocabulary, and a standardised price', async () => {
    const bare = await snapshotOf(['a', 'b', 'c', 'd'].map(product => ({ user: 'u', product })));
    const documents = [
      documentOf(['home', 'tea'], 100),
      documentOf(['home', 'rare'], 400),
      documentOf(['sport'], Number.NaN),
      null,
    ];
    const snapshot = { ...bare, documents };
    const vocabulary = actionVocabularyOf(snapshot, 0, 2);
    expect(vocabulary.categories).toHaveLength(2);
    expect(vocabulary.categories[0]).toBe('home');
    const { category, price } = actionStepsOf(snapshot, vocabulary).columns;
    expect(category[0]).toBeGreaterThan(0);
    expect(category[3]).toBe(0);
    expect([price[0] + price[1], price[2], price[3]].map(Math.round)).toEqual([0, 0, 0]);
    expect(price[1]).toBeCloseTo(1, 5);
  });

  it('does not depend on later events', async () => {
    const rng = createRng(7);
    const types = ['VIEW', 'CLICK', 'CART_ADD', 'CART_REMOVE', 'PURCHASE', 'RATING'] as const;
    for (let round = 0; round < 20; round++) {
      let at = 0;
      const drawn = Array.from({ length: 40 }, (): TestEvent => {
        at += 1000 + rng.int(45 * minuteMs);
        const product = `p${rng.int(5)}`;
        return { user: 'u', product, at, type: types[rng.int(types.length)] };
      });
      const cut = 1 + rng.int(38);
      // The vocabulary and the products are fixed; what happens after the cut is not.
      const others = Array.from({ length: 5 }, (_, p): TestEvent => ({ user: 'z', product: `p${p}` }));
      const all = [...drawn, ...others];
      const changed = all.map(
        (event, index): TestEvent =>
          index > cut && event.user === 'u'
            ? {
                ...event,
                at: (event.at ?? 0) + rng.int(9) * minuteMs,
                product: `p${rng.int(5)}`,
                type: 'SHARE',
              }
            : event,
      );
      const [before, after] = [await stepsOfEvents(all), await stepsOfEvents(changed)];
      for (let index = 0; index <= cut; index++) expect(stepAt(after, index)).toEqual(stepAt(before, index));
    }
  });
});
