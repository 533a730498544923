import { popularity } from '../../../src/models/popularity/model';
import { trending } from '../../../src/models/trending/model';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { itBehavesLikeAModel } from '../../conformance/model';
import { demandEvents } from '../../support/demandShop';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

const day = 86_400_000;
const context = {
  seed: 1,
  threads: serialThreadPool({}),
  onProgress: () => undefined,
  signal: new AbortController().signal,
};

const week = { halfLifeDays: 7 };

async function scoresOf(
  events: readonly TestEvent[],
  overrides?: Readonly<Record<string, number>>,
): Promise<Record<string, number>> {
  const model = trending(overrides);
  const scorer = model.load(await model.train(await snapshotOf(events), context));
  const out = new Float32Array(scorer.products.size);
  const none = {
    productRows: new Uint32Array(),
    weights: new Float32Array(),
    occurredAt: new Float64Array(),
    now: 0,
  };
  scorer.scoreInto([none], out);
  return Object.fromEntries(Array.from(out, (score, row) => [scorer.products.idOf(row), score]));
}

itBehavesLikeAModel(trending);

describe('trending', () => {
  const events: TestEvent[] = [
    { user: 'u', product: 'old', at: 0 },
    { user: 'v', product: 'old', at: 0 },
    { user: 'w', product: 'old', at: 0 },
    { user: 'u', product: 'new', at: 14 * day },
  ];

  it('halves a preference per half-life', async () => {
    expect(await scoresOf(events, week)).toEqual({ old: 0.75, new: 1 });
    expect(await scoresOf(events, { halfLifeDays: 14 })).toEqual({ old: 1.5, new: 1 });
  });

  it('counts a pair from its last event', async () => {
    const scores = await scoresOf([...events, { user: 'u', product: 'old', at: 14 * day }], week);
    expect(scores).toEqual({ old: expect.closeTo(Math.log2(3) + 0.5, 6), new: 1 });
  });

  it('orders products long after the last event too', async () => {
    const early = events.map(event => ({ ...event, at: (event.at ?? 0) - 300 * 365 * day }));
    expect(await scoresOf(early, week)).toEqual({ old: 0.75, new: 1 });
  });

  it.each([0, -1, Number.NaN, 4000])('refuses a half-life of %d days', halfLifeDays => {
    expect(() => trending({ halfLifeDays })).toThrow(
      /Expected halfLifeDays: a number from .* to 3650, or auto; got/,
    );
  });
});

describe('the half-life of trending', () => {
  const configOf = async (events: readonly TestEvent[]): Promise<number> => {
    const { header } = await trending().train(await snapshotOf(events), context);
    return Number(header.config['halfLifeDays']);
  };

  it('is short where demand moves on, and long where it does not', async () => {
    expect(await configOf(demandEvents(at => 5 * at))).toBeLessThanOrEqual(7);
    expect(await configOf(demandEvents(() => 0))).toBeGreaterThan(7);
  });

  it('is a week where few shoppers tell', async () => {
    expect(
      await configOf([
        { user: 'u', product: 'a', at: 0 },
        { user: 'v', product: 'b', at: day },
      ]),
    ).toBe(7);
  });

  it('orders products as popularity does where times are only places in lists', async () => {
    const events = demandEvents(at => 5 * at).map(event => ({
      ...event,
      at: Math.floor((event.at ?? 0) / day),
    }));
    const placed = events.map((event, index) => ({
      ...event,
      at: events.slice(0, index).filter(({ user }) => user === event.user).length,
    }));
    const snapshot = await snapshotOf(placed);
    const [own, popular] = await Promise.all(
      [trending(), popularity()].map(async model =>
        (await model.train(snapshot, context)).arrays.get('scores'),
      ),
    );
    expect([...(own ?? [])].map(score => score.toFixed(4))).toEqual(
      [...(popular ?? [])].map(score => score.toFixed(4)),
    );
  });
});
