import { dueCalibrationOf, learnedBefore } from '../../../src/evaluation/shop/calibration';
import type { Scorer } from '../../../src/models/model';
import { createRng } from '../../../src/numeric/rng';
import type { Snapshot } from '../../../src/snapshot/snapshot';
import { withEvents } from '../../../src/snapshot/split';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const day = 86_400_000;
const now = 100 * day;

/** 600 shoppers who bought one product; every third buys it again after 5 days, every other third after 20. */
const events = Array.from({ length: 600 }, (_, user): TestEvent[] => {
  const line = (at: number, product = 'a'): TestEvent => ({
    user: `u${user}`,
    product,
    at,
    type: 'PURCHASE',
  });
  const again = [[now + 5 * day], [now + 20 * day], []][user % 3].map(at => line(at));
  return [line(now - day - user), ...again];
}).flat();
events.push({ user: 'last', product: 'b', at: now + 40 * day, type: 'PURCHASE' });

/** A scorer with the same probabilities for all. */
const constant = ({ products }: Snapshot, within7: number, within30: number): Scorer<'buyAgain'> => ({
  products,
  scoreInto: (_, out) => void out.fill(0),
  isRepeated: () => true,
  firstPurchaseOf: () => 0,
  dueInto(_history, { within7Days, within30Days }) {
    within7Days.fill(within7);
    within30Days.fill(within30);
  },
});

async function parts() {
  const snapshot = await snapshotOf(events, now + 40 * day);
  const { occurredAt } = snapshot.events;
  return { snapshot, train: await withEvents(snapshot, now, event => occurredAt[event] <= now) };
}

describe('dueCalibrationOf', () => {
  it('finds no error in right probabilities', async () => {
    const { snapshot, train } = await parts();
    const scorer = constant(train, 1 / 3, 2 / 3);
    const week = dueCalibrationOf(scorer, snapshot, train, 7);
    expect(week).toMatchObject({ days: 7, pairs: 600, asOf: now });
    expect(week.boughtShare).toBeCloseTo(1 / 3, 10);
    expect(week.ece).toBeCloseTo(0, 10);
    expect(dueCalibrationOf(scorer, snapshot, train, 30).ece).toBeCloseTo(0, 10);
  });

  it('finds the error of wrong ones', async () => {
    const { snapshot, train } = await parts();
    const { ece, meanProbability } = dueCalibrationOf(constant(train, 0.5, 0.9), snapshot, train, 7);
    expect(meanProbability).toBeCloseTo(0.5, 10);
    expect(ece).toBeCloseTo(0.5 - 1 / 3, 10);
  });

  it('does not count what the shopper bought before, or only viewed', async () => {
    const rng = createRng(1);
    const viewed = events.map((event): TestEvent => ({ ...event, product: `v${rng.int(9)}`, type: 'VIEW' }));
    const snapshot = await snapshotOf([...events, ...viewed], now + 40 * day);
    const { occurredAt } = snapshot.events;
    const train = await withEvents(snapshot, now, event => occurredAt[event] <= now);
    expect(dueCalibrationOf(constant(train, 0, 0), snapshot, train, 30).pairs).toBe(600);
  });
});

describe('learnedBefore', () => {
  it('is the training part where the data go on for long enough', async () => {
    const { snapshot, train } = await parts();
    expect(await learnedBefore(snapshot, train, 30)).toBe(train);
  });

  it('ends earlier where the data end too soon', async () => {
    const { snapshot } = await parts();
    const late = await withEvents(snapshot, now + 30 * day, () => true);
    const learned = await learnedBefore(snapshot, late, 30);
    expect(learned?.asOf).toBe(now + 10 * day);
    expect(learned?.events.length).toBe(800);
  });

  it('is nothing where less than half of the events are before', async () => {
    const short = await snapshotOf(
      events.map(event => ({ ...event, at: now + 1 })),
      now + 8 * day,
    );
    expect(await learnedBefore(short, short, 30)).toBeNull();
  });
});
