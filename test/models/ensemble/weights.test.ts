import { chooseWeights, type TrialQuestion } from '../../../src/models/ensemble/weights';

/** One question of two parts; the first candidate is the held-out one. */
const question = (first: readonly number[], second: readonly number[]): TrialQuestion => ({
  scores: Float32Array.from([...first, ...second]),
  candidates: first.length,
  relevant: 1,
});

describe('chooseWeights', () => {
  it('uses only the better part when the other adds nothing', () => {
    const questions = [question([3, 1, 0], [0, 1, 2]), question([2, 1, 0], [1, 1, 1])];
    expect(chooseWeights(questions, [null, null])).toEqual({ weights: [1, 0], quality: 1 });
  });

  it('adds a part that ranks what the other misses', () => {
    const questions = [question([2, 1, 0], [0, 0.1, 0]), question([1, 1.2, 0], [2, 0, 0])];
    const { weights, quality } = chooseWeights(questions, [null, null]);
    expect(quality).toBe(1);
    expect(Math.min(...weights)).toBeGreaterThan(0);
  });

  it('leaves a given weight unchanged', () => {
    const questions = [question([3, 1, 0], [0, 1, 2])];
    expect(chooseWeights(questions, [null, 0.5]).weights[1]).toBe(0.5);
  });

  it('gives a part with constant scores no credit for ties', () => {
    const { quality } = chooseWeights([question([1, 1, 1], [1, 1, 1])], [null, null]);
    expect(quality).toBeCloseTo(1 / Math.log2(4), 12);
  });
});
