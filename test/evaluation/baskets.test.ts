import { basketQuestions } from '../../src/evaluation/baskets';
import { answererOf, evaluateQuestions } from '../../src/evaluation/evaluation';
import type { Scorer } from '../../src/models/model';
import { sameRows, tables } from '../support/tenUsers';

describe('baskets', () => {
  const lists = Array.from({ length: 30 }, (_, basket) => [
    basket % 5,
    (basket + 1) % 5,
    (basket + 2) % 5,
    9,
  ]);
  const offsets = Uint32Array.from({ length: 31 }, (_, basket) => 4 * basket);
  const list = { offsets, product: Uint32Array.from(lists.flat()) };

  it('hold out one product of each later basket; the rest is the cart and is not ranked', async () => {
    const questions = await basketQuestions(tables.productIds, list, { skipLast: 0, seed: 4 });
    expect([questions.train.users.size, questions.userRows.length]).toEqual([27, 3]);
    for (const index of questions.userRows) {
      const { history, relevant, excluded, isCart } = questions.of(index, sameRows(20));
      expect(isCart).toBe(true);
      expect([...relevant, ...excluded].sort()).toEqual([...lists[27 + index]].sort());
      expect([...history.productRows]).toEqual([...excluded]);
    }
    const validation = await basketQuestions(tables.productIds, list, { skipLast: 1, seed: 4 });
    expect([validation.train.users.size, validation.userRows.length]).toEqual([24, 3]);
  });

  it('ask for the rest of a cart when a scorer has that capability', async () => {
    const questions = await basketQuestions(tables.productIds, list, { skipLast: 0, seed: 4 });
    const scorer: Scorer<'complements'> = {
      products: questions.train.products,
      scoreInto: () => {
        throw new Error('Expected the rest of a cart to be asked for.');
      },
      complementsInto: () => {
        throw new Error('Expected all products to be scored, also those that were never bought together.');
      },
      scoreCartInto: (rows, out) => void out.fill(1).set([Number.NaN], rows[0]),
      evidenceOf: () => null,
    };
    const { full } = await evaluateQuestions(questions, answererOf(scorer, questions));
    expect(full.means['hit@10']).toBeCloseTo(10 / 17, 9);
  });
});
