import { sampleExamples } from '../../../src/models/buyAgain/examples';
import { featureCount, featureNames } from '../../../src/models/buyAgain/features';
import { sampleFirstPurchases } from '../../../src/models/buyAgain/firstPurchases';
import { medianDays } from '../../../src/models/buyAgain/hazard';
import { productStatisticsAt } from '../../../src/models/buyAgain/productStatistics';
import { timelinesOf } from '../../../src/models/buyAgain/timelines';
import { cutInstants } from '../../../src/models/buyAgain/train';
import { categoryTreeOf } from '../../../src/models/categories';
import { createRng } from '../../../src/numeric/rng';
import { snapshotOf, type TestEvent } from '../../support/snapshots';
import { contextOf, day, replenishingShop, start } from './support';

const until = (last: number): TestEvent[] =>
  replenishingShop().filter(({ at = 0 }) => at <= start + last * day);

/** Examples at day 100 about days 0 to 7 and first purchases about 30 days, of events up to a day. */
async function examplesOf(events: readonly TestEvent[], budget = 1e6) {
  const snapshot = await snapshotOf(events);
  const timelines = timelinesOf(snapshot);
  const at = start + 100 * day;
  const cuts = [{ at, statistics: productStatisticsAt(timelines, categoryTreeOf(snapshot), at) }];
  const sampling = () => ({ budget, rng: createRng(3) });
  return {
    again: await sampleExamples(timelines, cuts, { fromDay: 0, toDay: 7 }, sampling(), contextOf()),
    first: await sampleFirstPurchases(timelines, cuts, sampling(), contextOf()),
  };
}

const buy = (user: string, product: string, at: number): TestEvent => ({
  ...{ user, product, type: 'PURCHASE' },
  at: start + at * day,
});

describe('examples of buying again', () => {
  it('take nothing from after the period: later purchases change no feature and no label', async () => {
    const [short, long] = [await examplesOf(until(131)), await examplesOf(until(200))];
    expect(long.again).toEqual(short.again);
    expect(long.first).toEqual(short.first);
    expect(long.again.labels.length).toBeGreaterThan(200);
  });

  it('have the features and the label that are counted by hand', async () => {
    const { again } = await examplesOf([
      buy('u', 'a', 60),
      buy('u', 'b', 60),
      buy('u', 'a', 80),
      buy('u', 'c', 90),
      buy('u', 'a', 105),
      buy('u', 'b', 120),
    ]);
    // The places of a and b, which are of one order, are drawn; c was bought after them.
    const [a, c] = [again.labels.indexOf(1), 2];
    expect([...again.labels].toSorted()).toEqual([0, 0, 1]);
    expect(again.weights).toEqual(Float64Array.of(1, 1, 1));
    const feature = (example: number, name: (typeof featureNames)[number]): number =>
      again.rows[example * featureCount + featureNames.indexOf(name)];
    // Product a: orders on days 60 and 80, asked on day 100; three orders in all, of four lines and three products.
    expect(feature(a, 'orders')).toBeCloseTo(Math.log(2), 12);
    expect(feature(a, 'since')).toBeCloseTo(Math.log(21), 12);
    expect(feature(a, 'shopperOrders')).toBeCloseTo(Math.log(3), 12);
    expect(feature(a, 'shopperGap')).toBeCloseTo(Math.log(1 + (30 + 30) / 3), 12);
    expect(feature(a, 'shopperSince')).toBeCloseTo(Math.log(11), 12);
    expect(feature(a, 'ordersSince')).toBeCloseTo(Math.log(2), 12);
    expect(feature(a, 'basket')).toBeCloseTo(Math.log(4 / 3), 12);
    expect(feature(a, 'shopperRepeats')).toBeCloseTo(1 / 4, 12);
    expect(feature(a, 'age')).toBeCloseTo(Math.log(41), 12);
    // One repeat of three buyers, and one of twenty as the prior of the shop; ten buyers' weight for the shop.
    const shop = (1 + 1) / (3 + 20);
    expect(feature(a, 'repeat')).toBeCloseTo(Math.log((1 + 10 * shop) / (1 + 10)), 12);
    expect(feature(c, 'repeat')).toBeCloseTo(Math.log((10 * shop) / (1 + 10)), 12);
    expect(feature(a, 'isRepeated')).toBe(1);
    expect(feature(c, 'isRepeated')).toBe(0);
  });

  it('keep within the budget, with weights that stand for all', async () => {
    const [all, part] = [await examplesOf(until(200)), await examplesOf(until(200), 60)];
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    expect(part.again.labels.length).toBeLessThan(90);
    expect(sum(part.again.weights) / all.again.labels.length).toBeGreaterThan(0.6);
    expect(sum(part.again.weights) / all.again.labels.length).toBeLessThan(1.4);
  });
});

describe('the instants of examples', () => {
  const days = (span: number, toDay: number, settings: { cuts: number; cutDays: number }): number[] =>
    cutInstants({ first: start, last: start + span * day }, toDay, settings).map(at => (at - start) / day);

  it('leave room for the whole period after the latest, and a week before the first', () => {
    expect(days(100, 30, { cuts: 3, cutDays: 15 })).toEqual([40, 55, 70]);
    expect(days(60, 30, { cuts: 8, cutDays: 15 })[0]).toBeGreaterThanOrEqual(7);
  });

  it('are one in data hardly longer than the period, and none in shorter data', () => {
    expect(days(9, 7, { cuts: 8, cutDays: 15 })).toEqual([2]);
    expect(days(6, 7, { cuts: 8, cutDays: 15 })).toEqual([]);
  });
});

describe('the day with odds of one half', () => {
  it('solves survival = 1/2 with a constant hazard within each period', () => {
    // 1 - (1 - p)^7 within a week: half of the shoppers by day 3.5 when p(7) = 3/4.
    expect(medianDays(0.75, 0.5)).toBeCloseTo(3.5, 9);
    // Nothing in the first week, half in the 23 days after it.
    expect(medianDays(0, 0.5)).toBeCloseTo(30, 9);
    // A tenth in the week, a fifth in the rest: the later hazard goes on.
    const rate = -Math.log(0.8) / 23;
    expect(medianDays(0.1, 0.2)).toBeCloseTo(7 + (Math.log(2) + Math.log(0.9)) / rate, 9);
  });

  it('is none where it is more than a year away', () => {
    expect(medianDays(0.001, 0.01)).toBeNaN();
    expect(medianDays(0, 0)).toBeNaN();
  });
});
