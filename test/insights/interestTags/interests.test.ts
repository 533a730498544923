import fc from 'fast-check';
import { defaultInterestConfig, interestsOf } from '../../../src/insights/interestTags/interests';
import type { InterestEvent, TagWeight } from '../../../src/insights/interestTags/reading';

const day = 86_400_000;
const now = 400 * day;

/** Product p0 has tag t0, and so on; a mixed product has two. A text that equals a tag's id has that tag. */
const tags = {
  tagById: (id: string) => ({
    id,
    parentId: null,
    names: { en: id },
    terms: [],
    products: 1,
    cohesion: id === 't0' ? 1 : 0.4,
  }),
  tagsOfProduct: (productId: string): readonly TagWeight[] => {
    if (productId === 'mixed')
      return [
        { tagId: 't0', weight: 0.7 },
        { tagId: 't1', weight: 0.3 },
      ];
    return /^p\d$/.test(productId) ? [{ tagId: `t${productId[1]}`, weight: 1 }] : [];
  },
  tagsOfText: ([text]: readonly string[]): readonly TagWeight[] =>
    /^t\d$/.test(text) ? [{ tagId: text, weight: 1 }] : [],
};

const someEvent = fc.record({
  age: fc.double({ min: 0, max: 300, noNaN: true }),
  weight: fc.constantFrom(1, 3, 5, 0.5, -5, -6),
  productId: fc.constantFrom('p0', 'p1', 'p2', 'mixed', 'unknown'),
});
const someEvents = fc.array(someEvent, { maxLength: 30 }).map(list =>
  list.map(
    ({ age, weight, productId }, at): InterestEvent => ({
      id: `e${String(at).padStart(3, '0')}`,
      occurredAt: now - age * day,
      weight,
      productId,
    }),
  ),
);

const event = (id: string, daysAgo: number, productId: string, weight = 1): InterestEvent => ({
  id,
  occurredAt: now - daysAgo * day,
  weight,
  productId,
});
const weightOf = (events: readonly InterestEvent[], tagId: string, at = now): number =>
  interestsOf(tags, events, at).find(interest => interest.tagId === tagId)?.weight ?? 0;

describe('interestsOf', () => {
  it('keeps weights, confidence and evidence within their bounds', () => {
    fc.assert(
      fc.property(someEvents, events => {
        const interests = interestsOf(tags, events, now);
        const total = interests.reduce((sum, { weight }) => sum + weight, 0);
        expect(total).toBeLessThan(1);
        for (const { weight, confidence, evidence, trend } of interests) {
          expect(weight).toBeGreaterThan(0);
          expect(confidence).toBeGreaterThanOrEqual(0);
          expect(confidence).toBeLessThanOrEqual(1);
          expect(['RISING', 'STEADY', 'FADING']).toContain(trend);
          expect(evidence.length).toBeGreaterThan(0);
          expect(evidence.length).toBeLessThanOrEqual(defaultInterestConfig.maxEvidence);
          expect(evidence.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
      { seed: 1 },
    );
  });

  it('does not depend on the order of the events', () => {
    fc.assert(
      fc.property(someEvents, events => {
        expect(interestsOf(tags, [...events].reverse(), now)).toEqual(interestsOf(tags, events, now));
      }),
      { seed: 2 },
    );
  });

  it('lowers every weight with time, without new events', () => {
    fc.assert(
      fc.property(someEvents, fc.double({ min: 0.1, max: 100, noNaN: true }), (events, days) => {
        const later = new Map(
          interestsOf(tags, events, now + days * day).map(({ tagId, weight }) => [tagId, weight]),
        );
        for (const { tagId, weight } of interestsOf(tags, events, now))
          expect(later.get(tagId) ?? 0).toBeLessThanOrEqual(weight + 1e-12);
      }),
      { seed: 3 },
    );
  });

  it('changes immediately with a new event: its tag rises, the others fall', () => {
    fc.assert(
      fc.property(someEvents, events => {
        const more = [...events, event('new', 0, 'p2', 5)];
        expect(weightOf(more, 't2')).toBeGreaterThan(weightOf(events, 't2') - 1e-12);
        const before = interestsOf(tags, events, now).filter(({ tagId }) => tagId !== 't2');
        for (const { tagId, weight } of before) expect(weightOf(more, tagId)).toBeLessThanOrEqual(weight);
      }),
      { seed: 4 },
    );
  });

  it('halves the mass of an event in a half-life', () => {
    const [mass, prior] = [5, defaultInterestConfig.priorMass];
    expect(weightOf([event('a', 0, 'p0', 5)], 't0')).toBeCloseTo(mass / (mass + prior), 12);
    expect(weightOf([event('a', 30, 'p0', 5)], 't0')).toBeCloseTo(mass / 2 / (mass / 2 + prior), 12);
  });

  it('counts dislikes and returns against a tag, and drops a tag that is more disliked than liked', () => {
    const bought = [event('a', 2, 'p0', 5), event('b', 2, 'p1', 5)];
    expect(weightOf([...bought, event('c', 1, 'p0', -3)], 't0')).toBeLessThan(weightOf(bought, 't0'));
    expect(weightOf([...bought, event('c', 1, 'p0', -6)], 't0')).toBe(0);
  });
});

describe('an interest', () => {
  it('is rising, fading or steady by its events over time', () => {
    const steady = [5, 15, 25, 35, 45, 55, 65, 75, 85].map(days => event(`s${days}`, days, 'p0'));
    const rising = [1, 2, 3, 4, 5, 6].map(days => event(`r${days}`, days, 'p1'));
    const fading = [40, 45, 50, 55, 60, 65, 70, 75, 80].map(days => event(`f${days}`, days, 'p2'));
    const trends = new Map(
      interestsOf(tags, [...steady, ...rising, ...fading], now).map(({ tagId, trend }) => [tagId, trend]),
    );
    expect(Object.fromEntries(trends)).toEqual({ t0: 'STEADY', t1: 'RISING', t2: 'FADING' });
  });

  it('is steady without earlier events', () => {
    const [interest] = interestsOf(tags, [event('a', 1, 'p0'), event('b', 2, 'p0')], now);
    expect(interest.trend).toBe('STEADY');
  });

  it('has a trend by the events with tags', () => {
    const untagged = Array.from({ length: 190 }, (_, at) => event(`u${at}`, at / 3, 'unknown'));
    // Seven in the seven half-lives before: one is expected, three were seen.
    const tagged = [1, 2, 3, 235, 210, 180, 150, 120, 90, 60].map(days => event(`t${days}`, days, 'p0'));
    expect(interestsOf(tags, [...untagged, ...tagged], now)[0].trend).toBe('STEADY');
    expect(interestsOf(tags, tagged, now)[0].trend).toBe('STEADY');
  });

  it('has more confidence with more events that agree, and with a cohesive tag', () => {
    const some = [event('a', 1, 'p1'), event('b', 2, 'p1')];
    const confidence = (events: readonly InterestEvent[]): number =>
      interestsOf(tags, events, now)[0].confidence;
    expect(confidence([...some, event('c', 3, 'p1')])).toBeGreaterThan(confidence(some));
    expect(confidence([...some, event('c', 3, 'p1', -0.5)])).toBeLessThan(confidence(some));
    const sameOfTight = some.map(one => ({ ...one, productId: 'p0' }));
    expect(confidence(sameOfTight)).toBeGreaterThan(confidence(some));
  });

  it('names the strongest events as evidence, with their shares', () => {
    const [interest] = interestsOf(tags, [event('view', 0, 'p0', 1), event('buy', 0, 'p0', 3)], now);
    expect(interest.evidence).toEqual([
      { eventId: 'buy', share: 0.75 },
      { eventId: 'view', share: 0.25 },
    ]);
  });

  it('comes from the text when the product is unknown', () => {
    const searched = { id: 's', occurredAt: now, weight: 1, text: 't1' };
    expect(interestsOf(tags, [searched], now).map(({ tagId }) => tagId)).toEqual(['t1']);
    expect(interestsOf(tags, [{ ...searched, text: 'nothing' }], now)).toEqual([]);
  });

  it('adds up merged tags along any chain, and stops at a cycle', () => {
    const events = [event('a', 0, 'p0', 3), event('b', 0, 'p1', 1), event('c', 0, 'p2', 1)];
    const mergedInto = new Map([
      ['t0', 't1'],
      ['t1', 't2'],
    ]);
    const merged = interestsOf(tags, events, now, { ...defaultInterestConfig, mergedInto });
    expect(merged.map(({ tagId, weight }) => [tagId, weight])).toEqual([['t2', 0.5]]);
    const circle = new Map([
      ['t0', 't1'],
      ['t1', 't0'],
    ]);
    expect(interestsOf(tags, events, now, { ...defaultInterestConfig, mergedInto: circle }).length).toBe(3);
  });
});
