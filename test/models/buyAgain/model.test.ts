import { GatewayError } from '../../../src/domain/errors';
import { buyAgain } from '../../../src/models/buyAgain/model';
import { createSnapshotBuilder } from '../../../src/snapshot/builder';
import { itBehavesLikeAModel } from '../../conformance/model';
import { batchOf, snapshotOf, type TestEvent } from '../../support/snapshots';
import { columnsFor, contextOf, day, dueFor, learned, replenishingShop, shopper, start } from './support';

itBehavesLikeAModel(buyAgain);

const coffeeEvery = (days: number, times: number, last = 180): (readonly [string, number])[] =>
  Array.from({ length: times }, (_, back) => ['coffee', last - back * days]);

describe('the odds of buying again', () => {
  it('rise with every purchase more, at the same time since the last', async () => {
    const { scorer } = await learned(replenishingShop());
    const odds = [1, 2, 4, 8].map(
      times => dueFor(scorer, shopper(scorer, coffeeEvery(14, times), 190), 'coffee').within30Days,
    );
    expect(odds).toEqual(odds.toSorted((a, b) => a - b));
    expect(odds[3]).toBeGreaterThan(1.2 * odds[0]);
  });

  it('within a week are higher when the own interval has passed than right after a purchase', async () => {
    const { scorer } = await learned(replenishingShop());
    const at = (now: number) => dueFor(scorer, shopper(scorer, coffeeEvery(14, 6), now), 'coffee');
    expect(at(193).within7Days).toBeGreaterThan(1.5 * at(181).within7Days);
  });

  it('of a product that shoppers replenish are higher than of one that nobody buys twice', async () => {
    const { scorer } = await learned(replenishingShop());
    const history = shopper(
      scorer,
      [
        ['lamp1', 170],
        ['soap', 170],
        ['coffee', 150],
      ],
      190,
    );
    expect(dueFor(scorer, history, 'soap').within30Days).toBeGreaterThan(
      5 * dueFor(scorer, history, 'lamp1').within30Days,
    );
  });

  it('are those of 7 days at most those of 30, and due by the day with odds of one half', async () => {
    const { scorer } = await learned(replenishingShop());
    const { within7Days, within30Days, dueInDays } = dueFor(
      scorer,
      shopper(scorer, coffeeEvery(14, 6), 185),
      'coffee',
    );
    expect(within7Days).toBeLessThan(within30Days);
    expect(within30Days).toBeGreaterThan(0.5);
    expect(dueInDays).toBeGreaterThan(within7Days > 0.5 ? 0 : 7);
    expect(dueInDays).toBeLessThan(30);
  });

  it('agree with what shoppers did: the mean of all is the share bought again', async () => {
    const users = 600;
    const events = replenishingShop(users);
    const cut = 160;
    const { scorer } = await learned(events.filter(({ at = 0 }) => at <= start + cut * day));
    let [expected, again] = [0, 0];
    for (let user = 0; user < users; user++) {
      const own = events.filter(event => event.user === `u${user}`);
      const before = own.filter(({ at = 0 }) => at <= start + cut * day);
      const bought = before.map(({ product, at = 0 }) => [String(product), (at - start) / day] as const);
      const history = shopper(scorer, bought, cut);
      const columns = columnsFor(history);
      scorer.dueInto(history, columns);
      for (const [entry, row] of history.productRows.entries()) {
        expected += columns.within30Days[entry];
        again += Number(
          own.some(
            ({ product, at = 0 }) =>
              product === scorer.products.idOf(row) &&
              at > start + cut * day &&
              at <= start + (cut + 30) * day,
          ),
        );
      }
    }
    expect(expected / again).toBeGreaterThan(0.85);
    expect(expected / again).toBeLessThan(1.15);
  });
});

describe('the scores of buy-again', () => {
  it('are the log-odds within 30 days for bought products, and finite odds of a first purchase for others', async () => {
    const { scorer } = await learned(replenishingShop());
    const history = shopper(scorer, coffeeEvery(14, 3), 185);
    const out = new Float32Array(scorer.products.size);
    scorer.scoreInto([history], out);
    const { within30Days } = dueFor(scorer, history, 'coffee');
    expect(out[scorer.products.rowOf('coffee')]).toBeCloseTo(Math.log(within30Days / (1 - within30Days)), 4);
    const lamps = [0, 1, 2, 3, 4].map(lamp => out[scorer.products.rowOf(`lamp${lamp}`)]);
    expect(lamps.every(Number.isFinite)).toBe(true);
    expect(new Set(lamps).size).toBeGreaterThan(1);
  });

  it('treat a product that the shopper dislikes by now as never bought', async () => {
    const { scorer } = await learned(replenishingShop());
    const history = shopper(scorer, coffeeEvery(14, 3), 185);
    const [liked, disliked] = [1, -1].map(weight => {
      const out = new Float32Array(scorer.products.size);
      scorer.scoreInto([{ ...history, weights: Float32Array.of(weight) }], out);
      return out[scorer.products.rowOf('coffee')];
    });
    expect(disliked).toBeLessThan(liked);
  });

  it('follow own frequency, then popularity, where the data are too short to learn from', async () => {
    const buy = (user: string, product: string, at: number): TestEvent => ({
      ...{ user, product, type: 'PURCHASE' },
      at: start + at * 3_600_000,
    });
    const events = [buy('u', 'a', 1), buy('u', 'b', 1), buy('u', 'a', 9), buy('v', 'b', 2), buy('v', 'c', 3)];
    const { scorer } = await learned(events);
    const bought = [
      ['a', 0.1],
      ['a', 0.2],
      ['b', 0.2],
      ['c', 0.2],
    ] as const;
    const history = shopper(scorer, bought, 1);
    const [a, b, c] = ['a', 'b', 'c'].map(product => dueFor(scorer, history, product).within30Days);
    expect(a).toBeGreaterThan(b);
    expect(b).toBeGreaterThan(c);
  });
});

describe('the odds of a first purchase', () => {
  const view = (user: number, product: string): TestEvent => ({
    ...{ user: `v${user}`, product, type: 'VIEW' },
    at: start + (user % 60) * day,
  });

  it('follow what shoppers view where few buy', async () => {
    const events: TestEvent[] = [];
    for (let user = 0; user < 300; user++) {
      if (user % 2 === 0) events.push(view(user, 'viewed'));
      if (user % 10 === 0) events.push(view(user, 'seen'));
      events.push(view(user, `rare${user % 100}`));
      if (user % 60 === 59) events.push({ ...view(user, `rare${user % 100}`), type: 'PURCHASE' });
    }
    const { scorer } = await learned(events);
    const out = new Float32Array(scorer.products.size);
    scorer.scoreInto([shopper(scorer, [['rare7', 50]], 61)], out);
    const [viewed, seen, sold, rare] = ['viewed', 'seen', 'rare59', 'rare8'].map(
      id => out[scorer.products.rowOf(id)],
    );
    expect(viewed).toBeGreaterThan(seen);
    expect(seen).toBeGreaterThan(sold);
    expect(sold).toBeGreaterThan(rare);
  });
});

describe('the kinds of products that are bought again', () => {
  const described = (path: readonly string[]) => ({
    titles: [],
    descriptions: [],
    categoryPath: path,
    features: [],
    priceMinor: Number.NaN,
  });

  it('are learned by category: a shop keeps coffee in its lists and leaves out lamps', async () => {
    const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER });
    builder.add(batchOf(replenishingShop()));
    builder.describe('coffee', described(['Kitchen', 'Coffee']));
    for (let lamp = 0; lamp < 5; lamp++) builder.describe(`lamp${lamp}`, described(['Home', 'Lamps']));
    const model = buyAgain();
    const scorer = model.load(await model.train(await builder.build(), contextOf()));
    const kinds = ['coffee', 'lamp0', 'soap'].map(id => scorer.isRepeated(scorer.products.rowOf(id)));
    expect(kinds).toEqual([true, false, true]);
  });

  it.each([
    ['a grocer that sells a few machines', 200, 20],
    ['an electronics shop that sells a few coffee beans', 20, 200],
  ])('are those of their own category: %s', async (_, grocers, owners) => {
    const builder = createSnapshotBuilder({ asOf: Number.MAX_SAFE_INTEGER });
    const events: TestEvent[] = [];
    const buy = (user: string, product: string, at: number): void =>
      void events.push({ user, product, at: start + at * day, type: 'PURCHASE' });
    for (let user = 0; user < grocers; user++)
      for (let time = 0; time < 5; time++) buy(`g${user}`, `beans${user % 4}`, (user % 9) + 12 * time);
    // Who has a washing machine buys other machines later, each once.
    for (let user = 0; user < owners; user++)
      for (let time = 0; time < 3; time++)
        buy(`o${user}`, `machine${(user + time) % 6}`, (user % 9) + 15 * time);
    builder.add(batchOf(events));
    for (let row = 0; row < 4; row++) builder.describe(`beans${row}`, described(['Food', 'Coffee']));
    for (let row = 0; row < 6; row++) builder.describe(`machine${row}`, described(['Home', 'Machines']));
    const model = buyAgain();
    const scorer = model.load(await model.train(await builder.build(), contextOf()));
    const kindsOf = (name: string, count: number) =>
      Array.from({ length: count }, (_row, row) => scorer.isRepeated(scorer.products.rowOf(`${name}${row}`)));
    expect([kindsOf('beans', 4), kindsOf('machine', 6)]).toEqual([
      new Array(4).fill(true),
      new Array(6).fill(false),
    ]);
  });

  it('are none in a shop with too few purchases to tell, and all where every share is enough', async () => {
    const bought = Array.from({ length: 6 }, (_, at) => ({
      ...{ user: 'u', product: 'a', type: 'PURCHASE' as const },
      at: start + at * day,
    }));
    const strict = await learned(bought.slice(0, 2), { minRepeatShare: 0.3 });
    expect(strict.scorer.isRepeated(0)).toBe(false);
    const open = await learned(bought, { minRepeatShare: 0 });
    expect(open.scorer.isRepeated(0)).toBe(true);
  });
});

describe('training buy-again', () => {
  it('refuses data without a purchase, and says what to import', async () => {
    const snapshot = await snapshotOf([
      { user: 'u', product: 'a' },
      { user: 'u', product: 'b' },
    ]);
    await expect(buyAgain().train(snapshot, contextOf())).rejects.toThrow(
      new GatewayError(
        'TRAINING_DATA_INSUFFICIENT',
        'Expected at least one purchase to train buy-again; got none. Import or track PURCHASE events first.',
        { model: 'buy-again', purchases: 0 },
      ),
    );
  });

  it('keeps probabilities unbiased when it samples examples', async () => {
    const all = await learned(replenishingShop());
    const sampled = await learned(replenishingShop(), { maxExamples: 1000 });
    const history = shopper(all.scorer, coffeeEvery(14, 5), 188);
    const [whole, part] = [all, sampled].map(({ scorer }) => dueFor(scorer, history, 'coffee').within30Days);
    expect(Math.abs(whole - part)).toBeLessThan(0.1);
  });
});
