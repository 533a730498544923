import type { SettingOverrides } from '../../src/learning/settings';
import { markov } from '../../src/models/markov/model';
import type { Scorer, ShopperHistory } from '../../src/models/model';
import { modelByName } from '../../src/models/registry';
import { addRepeats, repeatRatesOf } from '../../src/models/repeats';
import { threadTasks } from '../../src/models/threadTasks';
import { createRng } from '../../src/numeric/rng';
import { stepsOf } from '../../src/snapshot/steps';
import { scorerOf, scoresOf, trainContext } from '../support/scorers';
import { snapshotOf, type TestEvent } from '../support/snapshots';

const order = (user: string, products: string, at: number): TestEvent[] =>
  Array.from(products, product => ({ user, product, at }));

const hour = 3_600_000;

/** Shoppers with three orders of some of ten products. */
function someOrders(users: number, seed: number): TestEvent[] {
  const rng = createRng(seed);
  const some = (count: number): string =>
    rng
      .shuffle([...'abcdefghij'])
      .slice(0, count)
      .join('');
  return Array.from({ length: users }, (_, user) =>
    [0, 1, 2].flatMap(at => order(`u${user}`, some(1 + rng.int(4)), at * hour)),
  ).flat();
}

/** A history of orders, the oldest first. */
function historyOf(scorer: Scorer, orders: readonly string[]): ShopperHistory {
  const products = orders.flatMap((list, at) => Array.from(list, product => ({ product, at })));
  return {
    productRows: Uint32Array.from(products, ({ product }) => scorer.products.rowOf(product)),
    weights: new Float32Array(products.length).fill(1),
    occurredAt: Float64Array.from(products, ({ at }) => at * hour),
    now: orders.length * hour,
  };
}

const sets = [
  'popularity',
  'trending',
  'item-neighbours',
  'collaborative',
  'markov',
  'session-neighbours',
  'ease',
  'graph-filter',
  'ensemble',
];

/** Orders are drawn here, so an ensemble would choose the same list for everybody: it gets only parts that read histories. */
const settingsOf = (name: string): SettingOverrides =>
  name === 'ensemble' ? { popularity: 0, trending: 0 } : {};

describe('an order in a history is a set', () => {
  it.each(sets)('to %s: the sequence of its products changes no score', async name => {
    const model = modelByName(name, settingsOf(name));
    const snapshot = await snapshotOf(someOrders(60, 1));
    const scorer = model.load(await model.train(snapshot, trainContext(1, threadTasks)));
    const scores = (orders: readonly string[]): number[] => {
      const out = new Float32Array(scorer.products.size);
      scorer.scoreInto([historyOf(scorer, orders)], out);
      return [...out];
    };
    const expected = scores(['ab', 'cde', 'fgh']);
    for (const sequence of [
      ['ba', 'edc', 'hgf'],
      ['ab', 'dec', 'gfh'],
    ]) {
      for (const [row, score] of scores(sequence).entries()) expect(score).toBeCloseTo(expected[row], 4);
    }
    if (name !== 'popularity' && name !== 'trending')
      expect(scores(['fgh', 'cde', 'ab'])).not.toEqual(expected);
  });
});

describe('markov', () => {
  it('counts one transition to the next order, shared by its products, and none of a direction within it', async () => {
    const plain = {
      walkShare: 0,
      secondOrderShare: 0,
      popularityExponent: 0,
      recencyDecay: 0,
      repeatShare: 0,
      backoffStrength: 0,
    };
    const model = markov({ ...plain, backwardShare: 0.5, reach: 1 });
    const scorer = await scorerOf(model, [
      ...order('u', 'a', 0),
      ...order('u', 'bc', 1),
      ...order('u', 'd', 2),
    ]);
    const similar = (product: string): Record<string, number> => {
      const out = new Float32Array(scorer.products.size);
      scorer.similarInto(scorer.products.rowOf(product), out);
      return Object.fromEntries([...'abcd'].map(other => [other, out[scorer.products.rowOf(other)]]));
    };
    const [fromA, fromB, fromC] = ['a', 'b', 'c'].map(similar);
    expect([fromA['b'], fromA['c'], fromA['d']]).toEqual(
      [0.5, 0.5, 0].map(value => expect.closeTo(value, 4)),
    );
    // b: 1 to d, .5 back to a, and .75 to its companion c.
    expect([fromB['d'], fromB['a'], fromB['c']]).toEqual(
      [1, 0.5, 0.75].map(value => expect.closeTo(value / 2.25, 4)),
    );
    expect([fromC['d'], fromC['a'], fromC['b']]).toEqual(
      [1, 0.5, 0.75].map(value => expect.closeTo(value / 2.25, 4)),
    );
  });

  it('looks up the last two products together only where each was an order of its own', async () => {
    const single = Array.from({ length: 9 }, (_, user) =>
      [...'abc'].flatMap((product, at) => order(`u${user}`, product, at)),
    ).flat();
    const model = markov({ secondOrderShare: 10, walkShare: 0, backwardShare: 0 });
    const scorer = await scorerOf(model, [...single, ...order('v', 'de', 0)]);
    const scoreOfC = (orders: readonly string[]): number =>
      scoresOf(scorer, historyOf(scorer, orders)).get('c') ?? 0;
    expect(scoreOfC(['a', 'b'])).toBeGreaterThan(2 * scoreOfC(['ab']));
    expect(scoreOfC(['da', 'b'])).toBeLessThan(scoreOfC(['a', 'b']) / 2);
  });

  it('samples orders with very many products instead of counting all their pairs', async () => {
    const events = Array.from({ length: 5000 }, (_, row): TestEvent => ({ user: 'u', product: `p${row}` }));
    const scorer = await scorerOf(markov({ backoffStrength: 0 }), events);
    const out = new Float32Array(5000);
    let linked = 0;
    for (let row = 0; row < 5000; row++) {
      scorer.similarInto(row, out);
      linked += Number(out.some(score => score > 1e-4));
    }
    expect(linked).toBe(200);
  });
});

describe('counted repeats', () => {
  it('take the products of later orders as age, so that products of one order have one', async () => {
    const events = Array.from({ length: 50 }, (_, user) => [
      ...order(`u${user}`, 'ab', 0),
      ...order(`u${user}`, 'cd', 1),
      ...order(`u${user}`, 'a', 2),
    ]).flat();
    const rates = repeatRatesOf(stepsOf(await snapshotOf(events)));
    const added = (occurredAt: readonly number[]): number[] => {
      const out = new Float32Array(occurredAt.length);
      const productRows = Uint32Array.from(occurredAt.keys());
      const weights = new Float32Array(occurredAt.length).fill(1);
      addRepeats(rates, { productRows, weights, occurredAt: Float64Array.from(occurredAt), now: 9 }, out);
      return [...out];
    };
    // Before the last order, a and b have age 2: of 100 chances 50 were taken. c and d have age 0, and none.
    const rate = expect.closeTo(50 / (100 + 50), 6);
    expect(added([0, 0, 1, 1])).toEqual([rate, rate, 0, 0]);
    expect(added([0, 1, 2, 3])).toEqual([0, rate, 0, 0]);
  });
});
