import { upliftFigureNames } from '../../../src/evaluation/uplift/figures';
import {
  type Draw,
  measureTargeting,
  prepareDraws,
  randomTargeting,
  responseTargeting,
  type Summary,
  type Targeting,
  targetingBy,
} from '../../../src/evaluation/uplift/trial';
import { upliftBase, upliftLearners } from '../../../src/insights/uplift/learners';
import { drawKnownEffect, type KnownEffect } from '../../support/knownEffect';

const figureOf = (summaries: readonly Summary[], name: string): Summary =>
  summaries[upliftFigureNames.indexOf(name)];

const trialOf = async ({ rows }: KnownEffect, splits = 2) => {
  const plan = { rows, splits, seed: 5 };
  const draws = await prepareDraws(upliftBase, plan);
  return { draws, measure: (targeting: Targeting) => measureTargeting(targeting, draws, plan) };
};

describe('targeting where every effect is known', () => {
  const known = drawKnownEffect(4000, { seed: 2, share: 0.6 });
  const oracle: Targeting = async ({ test }: Draw) => Float64Array.from(test, row => known.effect[row]);
  let trial: Awaited<ReturnType<typeof trialOf>>;
  let best: readonly Summary[];

  beforeAll(async () => {
    trial = await trialOf(known);
    best = await trial.measure(oracle);
  });

  it('by every learner is far above random order, by the best one far above the response, and none beats the oracle but by chance', async () => {
    const qiniOf = async (targeting: Targeting) => figureOf(await trial.measure(targeting), 'qini').mean;
    const top = figureOf(best, 'qini').mean;
    const random = await qiniOf(randomTargeting);
    const response = await qiniOf(responseTargeting(upliftBase));
    const learned: number[] = [];
    for (const learner of upliftLearners) learned.push(await qiniOf(targetingBy(learner)));
    expect(Math.min(...learned)).toBeGreaterThan(random + 0.15 * top);
    expect(Math.max(...learned)).toBeGreaterThan(response + 0.1 * top);
    // The oracle ranks by true effects; what was drawn may favour another order by chance.
    expect(Math.max(...learned)).toBeLessThan(top + 0.02);
  });

  it('of the oracle gains what is true at 10 percent: all of them are moved by .3', () => {
    for (const name of ['uplift@10%', 'upliftByGroup@10%', 'robustUplift@10%']) {
      const { mean, interval } = figureOf(best, name);
      expect(Math.abs(mean - 0.3)).toBeLessThan(0.1);
      expect(interval.low).toBeLessThan(0.3);
      expect(interval.high).toBeGreaterThan(0.3);
    }
  });

  it('gives equal figures with equal seeds', async () => {
    const again = await trialOf(known);
    expect(await again.measure(oracle)).toEqual(best);
  });
});

describe('targeting where the arms were dealt again', () => {
  it('has a Qini of about 0 for every learner', async () => {
    const trial = await trialOf(drawKnownEffect(4000, { seed: 2, share: 0.6, isShuffled: true }));
    for (const learner of upliftLearners) {
      const { mean, interval } = figureOf(await trial.measure(targetingBy(learner)), 'qini');
      // Half the width of the interval is two standard errors: the learned order differs from chance by less than three.
      expect(Math.abs(mean)).toBeLessThan(0.75 * (interval.high - interval.low));
    }
  });

  it('stops when it is called off', async () => {
    const stop = new AbortController();
    stop.abort(new Error('called off'));
    const { rows } = drawKnownEffect(400);
    const plan = { rows, splits: 1, seed: 1, signal: stop.signal };
    await expect(prepareDraws(upliftBase, plan)).rejects.toThrow();
  });
});
