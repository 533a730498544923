import { answererOf, evaluateQuestions } from '../../src/evaluation/evaluation';
import { lastSessionsQuestions, sessionQuestions, snapshotOfSessions } from '../../src/evaluation/sessions';
import type { Scorer } from '../../src/models/model';

const productIds = ['a', 'b', 'c', 'd', 'e'];
const listOf = (sessions: readonly (readonly number[])[]) => {
  const offsets = [0];
  for (const session of sessions) offsets.push(offsets[offsets.length - 1] + session.length);
  return { offsets: Uint32Array.from(offsets), product: Uint32Array.from(sessions.flat()) };
};
const same = Int32Array.from(productIds.keys());
const sessions = listOf(Array.from({ length: 20 }, (_, index) => [index % 4, (index + 1) % 4, index % 4]));

describe('snapshotOfSessions', () => {
  it('makes every session a user with one session, in the order of the list', async () => {
    const { users, events, userOffsets } = await snapshotOfSessions(productIds, sessions);
    expect(users.size).toBe(20);
    expect([...events.session]).toEqual(Array.from({ length: 60 }, (_, event) => Math.floor(event / 3)));
    expect([...events.productRow.subarray(userOffsets[5], userOffsets[6])]).toEqual([1, 2, 1]);
    expect(events.occurredAt[userOffsets[6]]).toBeGreaterThan(events.occurredAt[userOffsets[5]]);
  });
});

describe('questions about sessions', () => {
  it('give a prefix as one entry per product, at its last position, oldest first', async () => {
    const prefixes = { ...listOf([[0, 1, 0, 2]]), target: Uint32Array.of(0) };
    const questions = await sessionQuestions(productIds, sessions, prefixes);
    const { history, relevant, excluded } = questions.of(0, same);
    expect([...history.productRows]).toEqual([1, 0, 2]);
    expect([...history.weights]).toEqual([1, 2, 1]);
    expect([...history.occurredAt].map(at => at - history.now)).toEqual([-2000, -1000, 0]);
    expect(history.now).toBeGreaterThan(questions.train.asOf);
    expect([[...relevant], excluded.length]).toEqual([[0], 0]);
  });

  it('rank all products, including those of the prefix', async () => {
    const prefixes = { ...listOf([[0, 1]]), target: Uint32Array.of(2) };
    const questions = await sessionQuestions(productIds, sessions, prefixes);
    const scorer: Scorer = {
      products: questions.train.products,
      scoreInto: (_histories, out) => out.set([5, 4, 3, 2, 1]),
    };
    const { full, users } = await evaluateQuestions(questions, answererOf(scorer, questions));
    expect([users, full.means['mrr@20'], full.means['hit@20']]).toEqual([1, 1 / 3, 1]);
  });

  it('hold out the last sessions: every next item that training has, longest prefix first', async () => {
    const list = listOf([...Array.from({ length: 18 }, () => [0, 1]), [0, 4, 1, 0], [1, 4]]);
    const questions = await lastSessionsQuestions(productIds, list, 0);
    expect(questions.train.users.size).toBe(18);
    const asked = Array.from(questions.userRows, index => {
      const { history, relevant } = questions.of(index, same);
      return [[...history.productRows], relevant[0]];
    });
    // Item 4 is new, so the last session gives no question.
    expect(asked).toEqual([
      [[0, 1], 0],
      [[0], 1],
    ]);
    const validation = await lastSessionsQuestions(productIds, list, 1);
    expect([validation.train.users.size, validation.userRows.length]).toEqual([16, 2]);
  });
});
