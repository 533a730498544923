import { doublyRobustScores } from '../../../src/evaluation/uplift/doublyRobust';
import { momentsOf } from '../../../src/experiments/moments';
import type { Classifier } from '../../../src/learning/tabular/learner';
import { drawKnownEffect } from '../../support/knownEffect';

const constant = (probability: number): Classifier => ({
  probabilitiesInto: (_, out) => {
    out.fill(probability);
  },
});

describe('doubly robust scores', () => {
  const { rows, effect } = drawKnownEffect(20_000, { seed: 3, share: 0.7 });
  const truth = momentsOf(effect).mean;
  const base = (given: boolean): Classifier => ({
    probabilitiesInto(table, out) {
      const b = table.columns[1].values;
      for (let row = 0; row < out.length; row++) out[row] = 0.25 + 0.4 * b[row] + (given ? effect[row] : 0);
    },
  });
  const momentsFor = (arms: readonly [Classifier, Classifier]) =>
    momentsOf(doublyRobustScores(arms, { ...rows, propensity: 0.7 }));

  it('average to the effect with right models and with wrong ones', () => {
    for (const arms of [[base(false), base(true)] as const, [constant(0.9), constant(0.1)] as const]) {
      const { mean, variance } = momentsFor(arms);
      expect(Math.abs(mean - truth)).toBeLessThan(4 * Math.sqrt(variance / rows.labels.length));
    }
  });

  it('are less noisy with right models', () => {
    const right = momentsFor([base(false), base(true)]).variance;
    expect(right).toBeLessThan(0.9 * momentsFor([constant(0), constant(0)]).variance);
  });

  it('are wrong with a wrong propensity and wrong models', () => {
    const arms = [constant(0), constant(0)] as const;
    const { mean } = momentsOf(doublyRobustScores(arms, { ...rows, propensity: 0.3 }));
    expect(Math.abs(mean - truth)).toBeGreaterThan(0.2);
  });
});
