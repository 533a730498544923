// Baskets, new items, fixed negatives, random splits: what is held out, and what is ranked.
import { basketQuestions } from '../../src/evaluation/baskets';
import { categoryPopularity, coldQuestions, randomScorer } from '../../src/evaluation/coldItems';
import { answererOf, evaluateQuestions } from '../../src/evaluation/evaluation';
import { negativesQuestions, validationNegativesQuestions } from '../../src/evaluation/negatives';
import { randomSplit } from '../../src/evaluation/randomSplit';
import { type Rows, timesOf } from '../../src/evaluation/rows';
import type { Scorer } from '../../src/models/model';
import type { ProductDocument } from '../../src/snapshot/snapshot';

const ids = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${1000 + index}`);
const rowsOf = (pairs: readonly (readonly [number, number])[], time = pairs.map(() => Number.NaN)): Rows => ({
  user: Uint32Array.from(pairs, ([user]) => user),
  product: Uint32Array.from(pairs, ([, product]) => product),
  rating: new Float32Array(pairs.length).fill(Number.NaN),
  time: Float64Array.from(time),
});
const sameRows = (size: number): Int32Array => Int32Array.from({ length: size }, (_, row) => row);
/** Ten users of ten products each, of twenty. */
const pairs = Array.from({ length: 100 }, (_, index): [number, number] => [
  Math.floor(index / 10),
  (index * 7 + Math.floor(index / 10)) % 20,
]);
const tables = { userIds: ids('u', 10), productIds: ids('p', 20) };

describe('timesOf', () => {
  it('takes Unix seconds and milliseconds for real, other numbers for the order alone', () => {
    const four: [number, number][] = [
      [0, 1],
      [0, 2],
      [1, 1],
      [0, 3],
    ];
    expect([...timesOf(rowsOf(four, [1e9, 2e9, 1e9, 3e9]))]).toEqual([1e12, 2e12, 1e12, 3e12]);
    expect([...timesOf(rowsOf(four, [1e12, 2e12, 1e12, 3e12]))]).toEqual([1e12, 2e12, 1e12, 3e12]);
    const hour = 3_600_000;
    expect([...timesOf(rowsOf(four, [9, 5, 7, 1]))]).toEqual([2 * hour, hour, 2 * hour, 0]);
  });
});

describe('fixed negatives', () => {
  it('rank the target among its own list, ties by chance', async () => {
    const list = {
      user: Uint32Array.of(3),
      target: Uint32Array.of(0),
      offsets: Uint32Array.of(0, 3),
      negatives: Uint32Array.of(1, 2, 3),
    };
    const questions = await negativesQuestions(tables, rowsOf(pairs), list);
    const scorer: Scorer = {
      products: questions.train.products,
      // Above the target: one of the list. Beside it: one. Everything else is higher still and must not matter.
      scoreInto: (_histories, out) => out.set([2, 3, 2, 1, ...new Array<number>(16).fill(9)]),
    };
    const { full } = await evaluateQuestions(questions, answererOf(scorer, questions));
    // Place 2 or 3 with equal chance.
    expect(full.means.mrr).toBeCloseTo((1 / 2 + 1 / 3) / 2, 12);
    expect(full.means['hit@10']).toBe(1);
  });

  it('for validation, hold out the last new product of training among products the user does not have', async () => {
    const questions = await validationNegativesQuestions(tables, rowsOf(pairs), 1);
    expect(questions.askers.length).toBe(10);
    const question = questions.of(4, sameRows(20));
    const had = pairs.filter(([user]) => user === 4).map(([, product]) => product);
    expect(question.relevant[0]).toBe(had[had.length - 1]);
    expect([...question.history.productRows]).toEqual(had.slice(0, -1));
    expect([...(question.candidates ?? [])].filter(row => had.includes(row))).toEqual([]);
    const again = await validationNegativesQuestions(tables, rowsOf(pairs), 1);
    expect(again.of(4, sameRows(20)).candidates).toEqual(question.candidates);
  });
});

describe('randomSplit', () => {
  it('gives each user the shares, disjoint between the two hold-outs, the same for a seed', async () => {
    const shares = { train: 8, validation: 1, test: 1 };
    const split = (holdOut: 'test' | 'validation', seed: number) =>
      randomSplit(tables, rowsOf(pairs), shares, { holdOut, seed });
    const [test, validation] = [await split('test', 5), await split('validation', 5)];
    expect([...test.heldOut.offsets]).toEqual(Array.from({ length: 11 }, (_, user) => user));
    expect([...test.train.userOffsets]).toEqual(Array.from({ length: 11 }, (_, user) => 8 * user));
    expect(validation.train.digest).toBe(test.train.digest);
    for (let user = 0; user < 10; user++)
      expect(validation.heldOut.productRows[user]).not.toBe(test.heldOut.productRows[user]);
    expect((await split('test', 5)).heldOut).toEqual(test.heldOut);
    expect((await split('test', 6)).train.digest).not.toBe(test.train.digest);
  });
});

describe('new items', () => {
  const documentOf = (product: number): ProductDocument => ({
    titles: [`thing ${product}`],
    descriptions: [],
    categoryPath: [product < 10 ? 'low' : 'high'],
    features: [],
    priceMinor: Number.NaN,
  });
  const documents = new Map(tables.productIds.map((id, product) => [id, documentOf(product)]));

  it('are in no training event, and are ranked among themselves and among all', async () => {
    const { among, full } = await coldQuestions(tables, rowsOf(pairs), documents, {
      seed: 2,
      holdOut: 'test',
    });
    const question = among.of(0, sameRows(20));
    const cold = [...(question.candidates ?? [])];
    expect(cold.length).toBe(2);
    expect([...full.train.events.productRow].filter(row => cold.includes(row))).toEqual([]);
    expect(full.train.documents?.every(document => document !== null)).toBe(true);
    expect(cold).toEqual(expect.arrayContaining([...question.relevant]));
    const inFull = full.of(0, sameRows(20));
    expect([inFull.candidates, [...inFull.relevant]]).toEqual([undefined, [...question.relevant]]);
    const wanted = pairs.length - full.train.events.length;
    const found = Array.from(full.askers, (_, index) => full.of(index, sameRows(20)).relevant.length);
    expect(found.reduce((sum, count) => sum + count, 0)).toBe(wanted);
  });

  it('of the test are unseen on validation', async () => {
    const test = await coldQuestions(tables, rowsOf(pairs), documents, { seed: 2, holdOut: 'test' });
    const other = await coldQuestions(tables, rowsOf(pairs), documents, { seed: 2, holdOut: 'validation' });
    expect(other.full.train.products.size).toBe(18);
    for (const row of test.among.of(0, sameRows(20)).candidates ?? [])
      expect(other.full.train.products.rowOf(test.full.train.products.idOf(row))).toBe(-1);
  });

  it('are as popular as what was learned of their categories; the baselines say the same to all', async () => {
    const { full } = await coldQuestions(tables, rowsOf(pairs), documents, { seed: 2, holdOut: 'test' });
    const { train } = full;
    const counts = new Array<number>(20).fill(0);
    for (const row of train.events.productRow) counts[row]++;
    const meanOf = (rows: readonly number[]): number => {
      const warm = rows.filter(row => counts[row] > 0);
      return warm.reduce((sum, row) => sum + counts[row], 0) / warm.length;
    };
    const [low, high] = [meanOf([...sameRows(10)]), meanOf([...sameRows(20)].slice(10))];
    const history = full.of(0, sameRows(20)).history;
    const out = new Float32Array(40);
    categoryPopularity(train).scoreInto([history, history], out);
    expect(out[0]).toBeCloseTo(low, 5);
    expect(out[39]).toBeCloseTo(high, 5);
    randomScorer(train, 1).scoreInto([history, history], out);
    expect(out.slice(0, 20)).toEqual(out.slice(20));
  });
});

describe('baskets', () => {
  const lists = Array.from({ length: 30 }, (_, basket) => [
    basket % 5,
    (basket + 1) % 5,
    (basket + 2) % 5,
    9,
  ]);
  const offsets = Uint32Array.from({ length: 31 }, (_, basket) => 4 * basket);
  const list = { offsets, product: Uint32Array.from(lists.flat()) };

  it('lose one product of each later basket; the rest is the cart and is not ranked', async () => {
    const questions = await basketQuestions(tables.productIds, list, { back: 0, seed: 4 });
    expect([questions.train.users.size, questions.askers.length]).toEqual([27, 3]);
    for (const index of questions.askers) {
      const { history, relevant, excluded, isCart } = questions.of(index, sameRows(20));
      expect(isCart).toBe(true);
      expect([...relevant, ...excluded].sort()).toEqual([...lists[27 + index]].sort());
      expect([...history.productRows]).toEqual([...excluded]);
    }
    const validation = await basketQuestions(tables.productIds, list, { back: 1, seed: 4 });
    expect([validation.train.users.size, validation.askers.length]).toEqual([24, 3]);
  });

  it('ask for complements where a scorer knows them', async () => {
    const questions = await basketQuestions(tables.productIds, list, { back: 0, seed: 4 });
    const scorer: Scorer<'complements'> = {
      products: questions.train.products,
      scoreInto: () => {
        throw new Error('Expected complements to be asked for.');
      },
      complementsInto: (rows, out) => void out.fill(1).set([Number.NaN], rows[0]),
      evidenceOf: () => null,
    };
    const { full } = await evaluateQuestions(questions, answererOf(scorer, questions));
    expect(full.means['hit@10']).toBeCloseTo(10 / 17, 9);
  });
});
