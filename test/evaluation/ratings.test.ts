import { biasRater, evaluateRatings, globalMeanRater, ratingSplit } from '../../src/evaluation/ratings';
import type { Rows } from '../../src/evaluation/rows';
import type { Scorer } from '../../src/models/model';
import { snapshotFromPairs } from '../../src/snapshot/fromPairs';

const rows: Rows = {
  user: Uint32Array.from({ length: 200 }, (_, index) => index % 20),
  product: Uint32Array.from({ length: 200 }, (_, index) => Math.floor(index / 20)),
  rating: Float32Array.from({ length: 200 }, (_, index) => 1 + ((index * 7) % 5)),
  time: Float64Array.from({ length: 200 }, (_, index) => 1e9 + index),
};
const ids = {
  userIds: Array.from({ length: 20 }, (_, index) => `u${10 + index}`),
  productIds: Array.from({ length: 10 }, (_, index) => `p${10 + index}`),
};

describe('ratingSplit', () => {
  it('holds out the latest or a random tenth, and for validation a tenth of the rest', async () => {
    const latest = await ratingSplit(ids, rows, { by: 'time', seed: 1, holdOut: 'test' });
    expect([latest.stars.length, latest.train.events.length]).toEqual([20, 180]);
    expect(new Set(latest.product)).toEqual(new Set([9]));
    const random = await ratingSplit(ids, rows, { by: 'random', seed: 1, holdOut: 'test' });
    expect(new Set(random.product).size).toBeGreaterThan(3);
    expect([...random.user]).toEqual([...random.user].sort((a, b) => a - b));
    const validation = await ratingSplit(ids, rows, { by: 'random', seed: 1, holdOut: 'validation' });
    expect([validation.stars.length, validation.train.events.length]).toEqual([18, 162]);
  });
});

describe('ratings of one instant', () => {
  /** Every user rates all ten products at one of two instants. */
  const timed: Rows = { ...rows, time: Float64Array.from(rows.user, user => 1e9 + (user % 2)) };

  it('of one user go to one side; those of several users are drawn', async () => {
    const heldOut = await ratingSplit(ids, timed, { by: 'time', seed: 1, holdOut: 'test' });
    expect(heldOut.stars.length).toBe(20);
    const users = new Set(heldOut.user);
    expect(users.size).toBe(2);
    expect([...users].every(user => Number(heldOut.train.users.idOf(user).slice(1)) % 2 === 1)).toBe(true);
    const other = await ratingSplit(ids, timed, { by: 'time', seed: 2, holdOut: 'test' });
    expect(new Set(other.user)).not.toEqual(users);
    const validation = await ratingSplit(ids, timed, { by: 'time', seed: 1, holdOut: 'validation' });
    expect([validation.stars.length, validation.train.events.length]).toEqual([10, 170]);
    expect(users.has(validation.user[0])).toBe(false);
  });

  it('are refused where they cannot be divided by time', async () => {
    const single: Rows = { ...rows, user: new Uint32Array(200), time: new Float64Array(200).fill(1e9) };
    await expect(ratingSplit(ids, single, { by: 'time', seed: 1, holdOut: 'test' })).rejects.toMatchObject({
      code: 'EVALUATION_INVALID',
    });
  });
});

describe('evaluateRatings', () => {
  it('returns the root mean squared and the mean absolute error of clamped predictions', async () => {
    const train = await snapshotFromPairs({
      userIds: ['u'],
      productIds: ['a', 'b', 'c'],
      user: Uint32Array.of(0, 0),
      product: Uint32Array.of(0, 1),
      stars: Float32Array.of(1, 5),
    });
    const task = {
      train,
      user: Uint32Array.of(0, 0),
      product: Uint32Array.of(2, 1),
      stars: Float32Array.of(2, 4),
    };
    const scorer: Scorer<'rate'> = {
      products: train.products,
      scoreInto: () => undefined,
      // NaN becomes the mean, 3, and 9 is clamped to 5 stars: both errors are 1.
      rateInto: (_history, out) => out.set([0, 9, Number.NaN]),
    };
    const { rmse, mae, ratings, users } = await evaluateRatings(task, scorer);
    expect([rmse, mae, ratings, users]).toEqual([1, 1, 2, 1]);
    const half = { ...scorer, rateInto: (_history: unknown, out: Float32Array) => out.set([0, 4, 4]) };
    expect((await evaluateRatings(task, half)).rmse).toBeCloseTo(Math.sqrt(2), 12);
    expect((await evaluateRatings(task, half)).mae).toBe(1);
  });

  it('refuses a scorer that cannot predict ratings', async () => {
    const task = await ratingSplit(ids, rows, { by: 'random', seed: 1, holdOut: 'test' });
    const scorer: Scorer = { products: task.train.products, scoreInto: () => undefined };
    await expect(evaluateRatings(task, scorer)).rejects.toMatchObject({ code: 'EVALUATION_INVALID' });
  });
});

describe('the baselines of ratings', () => {
  it('are the mean, and mean + product bias + user bias shrunk by 25 and 10 ratings', async () => {
    const train = await snapshotFromPairs({
      userIds: ['u', 'v'],
      productIds: ['a', 'b'],
      user: Uint32Array.of(0, 1, 1),
      product: Uint32Array.of(0, 0, 1),
      stars: Float32Array.of(5, 4, 3),
    });
    const history = {
      productRows: Uint32Array.of(0),
      weights: Float32Array.of(4),
      occurredAt: Float64Array.of(0),
      now: 0,
      stars: Float32Array.of(5),
    };
    const out = new Float32Array(2);
    globalMeanRater(train).rateInto(history, out);
    expect([...out]).toEqual([4, 4]);
    biasRater(train).rateInto(history, out);
    // Product a: (1 + 0) / (25 + 2); b: -1 / 26. User: (5 - 4 - 1/27) / (10 + 1).
    const user = (1 - 1 / 27) / 11;
    expect(out[0]).toBeCloseTo(4 + 1 / 27 + user, 5);
    expect(out[1]).toBeCloseTo(4 - 1 / 26 + user, 5);
  });
});
