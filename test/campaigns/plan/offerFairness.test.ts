import { minGroupSize, offerFairness, type PlannedShopper } from '../../../src/campaigns/plan/offerFairness';

const shoppersOf = (count: number, group: string | null, discountShare: number): PlannedShopper[] =>
  Array.from({ length: count }, (_, index) => ({
    groups: [group, index % 2 === 0 ? 'even' : 'odd'],
    discountShare: index % 4 < 2 ? discountShare : 0,
    isAddressed: index % 4 < 2,
  }));

describe('offerFairness', () => {
  it('finds the group that is offered less, and none where offers do not depend on the group', () => {
    const shoppers = [
      ...shoppersOf(200, 'a', 0.3),
      ...shoppersOf(200, 'b', 0.1),
      ...shoppersOf(40, null, 0.2),
    ];
    const report = offerFairness(shoppers, ['city', 'parity']);
    expect(new Set(report.map(({ attribute, group }) => `${attribute} ${group}`))).toEqual(
      new Set(['city a', 'city b', 'city null', 'parity even', 'parity odd']),
    );
    const [a, b] = ['a', 'b'].map(name => report.find(({ group }) => group === name));
    expect(a).toMatchObject({ shoppers: 200, addressedShare: 0.5 });
    expect(a?.meanDiscountShare).toBeCloseTo(0.15, 12);
    expect(a?.difference.low).toBeGreaterThan(0);
    expect(b?.difference.high).toBeLessThan(0);
    const even = report.find(({ group }) => group === 'even');
    expect(even?.difference.low).toBeLessThan(0);
    expect(even?.difference.high).toBeGreaterThan(0);
  });

  it('says nothing of groups that are too small, or of an attribute with one group', () => {
    const report = offerFairness(
      [...shoppersOf(100, 'a', 0.3), ...shoppersOf(minGroupSize - 1, 'b', 0)],
      ['city'],
    );
    expect(report).toEqual([]);
    expect(offerFairness(shoppersOf(100, 'a', 0.3), ['city'])).toEqual([]);
  });
});
