import { upliftOf } from '../../../src/insights/uplift/learner';
import { upliftLearners } from '../../../src/insights/uplift/learners';
import { drawKnownEffect } from '../../support/knownEffect';

const { rows, effect } = drawKnownEffect(6000, { seed: 4, share: 0.75 });

/** Root of the mean squared difference. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let row = 0; row < a.length; row++) sum += (a[row] - b[row]) ** 2;
  return Math.sqrt(sum / a.length);
};

describe.each(upliftLearners.map(learner => [learner.name, learner] as const))('the %s', (_, learner) => {
  it('predicts effects nearer to the true ones than their mean is', async () => {
    const model = await learner.learn({ ...rows, seed: 1 });
    const uplift = upliftOf(model, rows.table);
    const mean = effect.reduce((sum, value) => sum + value, 0) / effect.length;
    expect(distance(uplift, effect)).toBeLessThan(
      0.9 *
        distance(
          effect.map(() => mean),
          effect,
        ),
    );
    expect(uplift.every(value => value >= -1 && value <= 1)).toBe(true);
  });

  it('learns the same with an equal seed, and reports its progress to the end', async () => {
    const small = drawKnownEffect(300).rows;
    let [last, all] = [0, 0];
    const task = {
      ...small,
      seed: 2,
      onProgress(done: number, total: number) {
        expect(done).toBeGreaterThanOrEqual(last);
        [last, all] = [done, total];
      },
    };
    const [first, second] = [await learner.learn(task), await learner.learn({ ...small, seed: 2 })];
    expect(last).toBe(all);
    expect(upliftOf(first, small.table)).toEqual(upliftOf(second, small.table));
  });

  it('refuses an experiment without one of the arms', async () => {
    const { table, labels } = drawKnownEffect(50).rows;
    for (const arm of [0, 1]) {
      const treated = new Uint8Array(50).fill(arm);
      await expect(learner.learn({ table, labels, treated, seed: 1 })).rejects.toThrow(/rows of both arms/);
    }
  });

  it('stops when it is called off', async () => {
    const stop = new AbortController();
    stop.abort();
    const task = { ...drawKnownEffect(300).rows, seed: 1, signal: stop.signal };
    await expect(learner.learn(task)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
