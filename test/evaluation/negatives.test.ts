import { answererOf, evaluateQuestions } from '../../src/evaluation/evaluation';
import { negativesQuestions, validationNegativesQuestions } from '../../src/evaluation/negatives';
import type { Scorer } from '../../src/models/model';
import { pairs, rowsOf, sameRows, tables } from '../support/tenUsers';

describe('fixed negatives', () => {
  it('rank the target among its own list, with the expected value over ties', async () => {
    const list = {
      user: Uint32Array.of(3),
      target: Uint32Array.of(0),
      offsets: Uint32Array.of(0, 3),
      negatives: Uint32Array.of(1, 2, 3),
    };
    const questions = await negativesQuestions(tables, rowsOf(pairs), list);
    const scorer: Scorer = {
      products: questions.train.products,
      // One of the list is above the target and one is equal. All other products are higher and must not matter.
      scoreInto: (_histories, out) => out.set([2, 3, 2, 1, ...new Array<number>(16).fill(9)]),
    };
    const { full } = await evaluateQuestions(questions, answererOf(scorer, questions));
    // Rank 2 or 3 with equal probability.
    expect(full.means.mrr).toBeCloseTo((1 / 2 + 1 / 3) / 2, 12);
    expect(full.means['hit@10']).toBe(1);
  });

  it('for validation, hold out the last new training product among products the user does not have', async () => {
    const questions = await validationNegativesQuestions(tables, rowsOf(pairs), 1);
    expect(questions.userRows.length).toBe(10);
    const question = questions.of(4, sameRows(20));
    const had = pairs.filter(([user]) => user === 4).map(([, product]) => product);
    expect(question.relevant[0]).toBe(had[had.length - 1]);
    expect([...question.history.productRows]).toEqual(had.slice(0, -1));
    expect([...(question.candidates ?? [])].filter(row => had.includes(row))).toEqual([]);
    const again = await validationNegativesQuestions(tables, rowsOf(pairs), 1);
    expect(again.of(4, sameRows(20)).candidates).toEqual(question.candidates);
  });

  it('for validation, draw one of the new products of the last order', async () => {
    // Ten users with three products at instant 1 and three at instant 2.
    const list = Array.from({ length: 60 }, (_, at): [number, number] => [Math.floor(at / 6), at % 6]);
    const times = list.map(([, product]) => 1e9 + Math.floor(product / 3));
    const questions = await validationNegativesQuestions(tables, rowsOf(list, times), 1);
    const asked = Array.from(questions.userRows, (_, index) => questions.of(index, sameRows(20)));
    expect(asked.every(({ relevant }) => relevant.length === 1 && relevant[0] >= 3)).toBe(true);
    expect(new Set(asked.map(({ relevant }) => relevant[0])).size).toBeGreaterThan(1);
    expect(asked.every(({ history }) => history.productRows.length === 3)).toBe(true);
  });
});
