import { sessionNeighbours } from '../../../src/models/sessionNeighbours/model';
import { itBehavesLikeAModel } from '../../conformance/model';
import { historyOf, orderOf, scorerOf, scoresOf, sessionOf, trainContext } from '../../support/scorers';
import { snapshotOf, type TestEvent } from '../../support/snapshots';

/** Shared products count equally at any distance. */
const plain = {
  historyDecay: 1,
  rarityExponent: 0,
  similarityExponent: 1,
  lengthExponent: 0,
  sessionDecay: 0,
  forwardDecay: 1,
  backwardShare: 1,
  backwardDecay: 1,
  popularityExponent: 0,
};

/** Sessions of different users, ten minutes apart. */
const sessions = (lists: readonly string[]): TestEvent[] =>
  lists.flatMap((products, index) => sessionOf(`u${index}`, products, index * 10));

itBehavesLikeAModel(sessionNeighbours);

describe('the neighbours of session-neighbours', () => {
  it('contribute in proportion to the number of shared products', async () => {
    const scorer = await scorerOf(sessionNeighbours(plain), sessions(['abx', 'acy', 'dez']));
    const scores = scoresOf(scorer, historyOf(scorer, 'ab'));
    expect(Number(scores.get('x')) / Number(scores.get('y'))).toBeCloseTo(2, 3);
    expect(scores.get('z')).toBeLessThan(1e-5);
  });

  it('contribute more than in proportion with a higher exponent', async () => {
    const settings = { ...plain, similarityExponent: 2 };
    const scorer = await scorerOf(sessionNeighbours(settings), sessions(['abx', 'acy']));
    const scores = scoresOf(scorer, historyOf(scorer, 'ab'));
    expect(Number(scores.get('x')) / Number(scores.get('y'))).toBeCloseTo(4, 3);
  });

  it('contribute most to products just after the shared one, and less to those before it', async () => {
    const settings = { ...plain, forwardDecay: 0.5, backwardShare: 0.25, backwardDecay: 0.5 };
    const scorer = await scorerOf(sessionNeighbours(settings), sessions(['vwaxy']));
    expect(orderOf(scoresOf(scorer, historyOf(scorer, 'a')))).toBe('xywva');
  });

  it('weigh more when they share the latest product of the history', async () => {
    const settings = { ...plain, historyDecay: 0.5 };
    const scorer = await scorerOf(sessionNeighbours(settings), sessions(['ax', 'by']));
    expect(orderOf(scoresOf(scorer, historyOf(scorer, 'ab')))).toMatch(/^y/);
    expect(orderOf(scoresOf(scorer, historyOf(scorer, 'ba')))).toMatch(/^x/);
  });

  it('are limited to the latest stored sessions', async () => {
    const scorer = await scorerOf(sessionNeighbours({ ...plain, maxSessions: 1 }), sessions(['ax', 'ay']));
    const scores = scoresOf(scorer, historyOf(scorer, 'a'));
    expect(scores.get('x')).toBeLessThan(1e-5);
    expect(scores.get('y')).toBeGreaterThan(0.4);
  });

  it('are limited to the most similar sessions', async () => {
    const settings = { ...plain, neighbours: 1 };
    const scorer = await scorerOf(sessionNeighbours(settings), sessions(['abx', 'ay']));
    const scores = scoresOf(scorer, historyOf(scorer, 'ab'));
    expect(scores.get('y')).toBeLessThan(1e-5);
    expect(scores.get('x')).toBeGreaterThan(0.2);
  });

  it('ignore disliked products', async () => {
    const scorer = await scorerOf(sessionNeighbours(plain), sessions(['ax', 'by']));
    const scores = scoresOf(scorer, historyOf(scorer, 'ab', [1, -1]));
    expect(scores.get('y')).toBeLessThan(1e-5);
  });
});

describe('the artifact of session-neighbours', () => {
  it('stores lists of at least two products and nothing else of a session', async () => {
    const events = sessions(['abc', 'd', 'ee', 'fg']);
    const artifact = await sessionNeighbours().train(await snapshotOf(events), trainContext());
    expect([...artifact.arrays.keys()]).toEqual([
      'productIdBytes',
      'productIdOffsets',
      'settings',
      'repeatRates',
      'sessionOffsets',
      'sessionProducts',
    ]);
    expect(artifact.arrays.get('sessionOffsets')).toEqual(Uint32Array.of(0, 3, 5));
    expect(artifact.arrays.get('sessionProducts')).toEqual(Uint32Array.of(0, 1, 2, 5, 6));
  });

  it('keeps the latest products of a long session', async () => {
    const model = sessionNeighbours({ maxLength: 2 });
    const artifact = await model.train(await snapshotOf(sessions(['abcd'])), trainContext());
    expect(artifact.arrays.get('sessionProducts')).toEqual(Uint32Array.of(2, 3));
  });
});
