import { categoryPopularity, coldQuestions, randomScorer } from '../../src/evaluation/coldItems';
import type { ProductDocument } from '../../src/snapshot/snapshot';
import { pairs, rowsOf, sameRows, tables } from '../support/tenUsers';

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
    const found = Array.from(full.userRows, (_, index) => full.of(index, sameRows(20)).relevant.length);
    expect(found.reduce((sum, count) => sum + count, 0)).toBe(wanted);
  });

  it('of the test are absent from validation', async () => {
    const test = await coldQuestions(tables, rowsOf(pairs), documents, { seed: 2, holdOut: 'test' });
    const other = await coldQuestions(tables, rowsOf(pairs), documents, { seed: 2, holdOut: 'validation' });
    expect(other.full.train.products.size).toBe(18);
    for (const row of test.among.of(0, sameRows(20)).candidates ?? [])
      expect(other.full.train.products.rowOf(test.full.train.products.idOf(row))).toBe(-1);
  });

  it('score as popular as their categories; the baselines give all users the same scores', async () => {
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
