import { markov } from '../../../src/models/markov/model';
import { itBehavesLikeAModel } from '../../conformance/model';
import { historyOf, orderOf, scorerOf, scoresOf, sessionOf } from '../../support/scorers';
import type { TestEvent } from '../../support/snapshots';

/** Next step only, without smoothing. */
const plain = {
  backoffStrength: 0,
  backoffSpread: 'popularity',
  reach: 1,
  backwardShare: 0,
  recencyDecay: 0,
  shrinkage: 0,
  secondOrderShare: 0,
  popularityExponent: 0,
  walkShare: 0,
};

const sessions = (lists: readonly string[]): TestEvent[] =>
  lists.flatMap((products, index) => sessionOf(`u${index}`, products));

itBehavesLikeAModel(markov);

describe('the transitions of markov', () => {
  it('of first order equal the shares of the next products', async () => {
    const scorer = await scorerOf(markov(plain), sessions(['ab', 'ab', 'ab', 'ac', 'da']));
    const scores = scoresOf(scorer, historyOf(scorer, 'a'));
    expect(scores.get('b')).toBeCloseTo(3 / 4, 4);
    expect(scores.get('c')).toBeCloseTo(1 / 4, 4);
    expect(scores.get('d')).toBeCloseTo(0, 4);
  });

  it('of several products are averaged, older ones with decay', async () => {
    const scorer = await scorerOf(markov({ ...plain, historyDecay: 0.5 }), sessions(['ab', 'cd']));
    const scores = scoresOf(scorer, historyOf(scorer, 'ac'));
    expect(scores.get('b')).toBeCloseTo(1 / 3, 4);
    expect(scores.get('d')).toBeCloseTo(2 / 3, 4);
  });

  it('weigh less with fewer observations from a product', async () => {
    const events = sessions(['ab', 'cd', 'cd', 'cd']);
    const scorer = await scorerOf(markov({ ...plain, shrinkage: 1, historyDecay: 1 }), events);
    const scores = scoresOf(scorer, historyOf(scorer, 'ac'));
    // Confidences 1/2 and 3/4: shares 2/5 and 3/5.
    expect(scores.get('b')).toBeCloseTo(2 / 5, 4);
    expect(scores.get('d')).toBeCloseTo(3 / 5, 4);
  });

  it('skip steps with decay, and go backward', async () => {
    const settings = { ...plain, reach: 3, forwardDecay: 0.5, backwardShare: 0.5, backwardDecay: 0.5 };
    const scorer = await scorerOf(markov(settings), sessions(['abcd']));
    const scores = scoresOf(scorer, historyOf(scorer, 'b'));
    // From b: c 1, d 1/2, back to a 1/2.
    expect(scores.get('c')).toBeCloseTo(1 / 2, 4);
    expect(scores.get('d')).toBeCloseTo(1 / 4, 4);
    expect(scores.get('a')).toBeCloseTo(1 / 4, 4);
  });

  it('of second order depend on the previous product', async () => {
    const events = sessions(['abc', 'abc', 'xby', 'xby']);
    const settings = { ...plain, secondOrderShare: 1, secondOrderShrinkage: 0, historyDecay: 0.01 };
    const scorer = await scorerOf(markov(settings), events);
    expect(orderOf(scoresOf(scorer, historyOf(scorer, 'ab')))).toMatch(/^c/);
    expect(orderOf(scoresOf(scorer, historyOf(scorer, 'xb')))).toMatch(/^y/);
  });

  it('across sessions count acrossShare', async () => {
    const events = [...sessionOf('u', 'a'), ...sessionOf('u', 'b', 60), ...sessionOf('v', 'ac')];
    const scorer = await scorerOf(markov({ ...plain, acrossShare: 0.25 }), events);
    const scores = scoresOf(scorer, historyOf(scorer, 'a'));
    expect(scores.get('b')).toBeCloseTo(0.2, 4);
    expect(scores.get('c')).toBeCloseTo(0.8, 4);
  });

  it('weigh more the later they were made', async () => {
    const events = [...sessionOf('u', 'ab', 0), ...sessionOf('v', 'ac', 10)];
    const scorer = await scorerOf(markov({ ...plain, recencyDecay: 1 }), events);
    const scores = scoresOf(scorer, historyOf(scorer, 'a'));
    expect(Number(scores.get('c')) / Number(scores.get('b'))).toBeCloseTo(Math.exp(0.5), 3);
  });

  it('are divided by a power of popularity', async () => {
    const events = sessions(['ab', 'ac', 'dc', 'dc', 'ec']);
    const scorer = await scorerOf(markov({ ...plain, popularityExponent: 1 }), events);
    const scores = scoresOf(scorer, historyOf(scorer, 'a'));
    // Steps to b: 1, to c: 4; each + 2.
    expect(Number(scores.get('b')) / Number(scores.get('c'))).toBeCloseTo(6 / 3, 3);
  });
});

describe('the scores of markov', () => {
  it('ignore disliked products', async () => {
    const scorer = await scorerOf(markov(plain), sessions(['ab', 'cd']));
    const scores = scoresOf(scorer, historyOf(scorer, 'ac', [1, -1]));
    expect(scores.get('d')).toBeCloseTo(0, 4);
    expect(scores.get('b')).toBeCloseTo(1, 4);
  });

  it('reach products without a direct transition by a second step, but none of the history', async () => {
    const scorer = await scorerOf(markov({ ...plain, walkShare: 0.5 }), sessions(['ab', 'bc', 'ba']));
    const scores = scoresOf(scorer, historyOf(scorer, 'a'));
    expect(scores.get('b')).toBeCloseTo(1, 4);
    expect(scores.get('c')).toBeCloseTo(0.5 * 0.5, 4);
    expect(scores.get('a')).toBeCloseTo(0, 4);
  });

  it('of similarity follow the transitions of one product', async () => {
    const scorer = await scorerOf(markov(plain), sessions(['ab', 'ab', 'ac']));
    const out = new Float32Array(scorer.products.size);
    scorer.similarInto(scorer.products.rowOf('a'), out);
    expect(out[scorer.products.rowOf('b')]).toBeCloseTo(2 / 3, 4);
    expect(out[scorer.products.rowOf('a')]).toBeNaN();
  });
});
