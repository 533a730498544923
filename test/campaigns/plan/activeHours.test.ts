import {
  type ActiveHour,
  activeHoursOf,
  hoursPerDay,
  minActiveHours,
} from '../../../src/campaigns/plan/activeHours';

/** One event per day at an hour. */
const daily = (ofDay: number, days: number, type = 0): readonly ActiveHour[] =>
  Array.from({ length: days }, (_, day) => ({ hour: day * hoursPerDay + ofDay, type }));

const bestOf = (shares: Float64Array): number => shares.indexOf(Math.max(...shares));
const sumOf = (shares: Float64Array): number => shares.reduce((sum, share) => sum + share, 0);

describe('active hours', () => {
  it('are those of the shopper with enough events, else those of the crowd', () => {
    const hours = activeHoursOf([daily(20, 30), daily(7, minActiveHours), daily(3, minActiveHours - 1), []]);
    expect([0, 1, 2, 3].map(shopper => hours.isOwn(shopper))).toEqual([true, true, false, false]);
    expect([0, 1, 2, 3].map(shopper => bestOf(hours.sharesOf(shopper)))).toEqual([20, 7, 20, 20]);
    for (const shopper of [0, 1, 2, 3]) expect(sumOf(hours.sharesOf(shopper))).toBeCloseTo(1, 12);
  });

  it('count events of one type within an hour once, and other types of the same hour', () => {
    const reloads = Array.from({ length: 500 }, () => ({ hour: 4, type: 0 }));
    const hours = activeHoursOf([
      [...reloads, ...daily(21, 12)],
      [...daily(9, 6), ...daily(9, 6, 1)],
    ]);
    expect(bestOf(hours.sharesOf(0))).toBe(21);
    expect(hours.isOwn(1)).toBe(true);
  });

  it('leave no hour without a share, and are alike without any event', () => {
    expect(Math.min(...activeHoursOf([daily(20, 300)]).sharesOf(0))).toBeGreaterThan(0);
    expect(new Set(activeHoursOf([[]]).sharesOf(0))).toEqual(new Set([1 / hoursPerDay]));
  });

  it('know hours before 1970', () => {
    expect(
      bestOf(
        activeHoursOf([daily(22, 40).map(({ hour, type }) => ({ hour: hour - 24_000, type }))]).sharesOf(0),
      ),
    ).toBe(22);
  });
});
