import fc from 'fast-check';
import { settingValuesOf } from '../../../src/learning/settings';
import type { TrainContext } from '../../../src/learning/trainContext';
import { type CollaborativeConfig, collaborativeSettings } from '../../../src/models/collaborative/settings';
import { trainFactors } from '../../../src/models/collaborative/train';
import { threadTasks } from '../../../src/models/threadTasks';
import { type Csr, csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool } from '../../../src/numeric/threadPool';
import { type Factors, lossOf, scoresOf, solveAll, trainByTheBook } from './referenceAls';

const configOf = (overrides: Partial<CollaborativeConfig>): CollaborativeConfig =>
  settingValuesOf(collaborativeSettings, { rank: 6, epochs: 3, flatRegularization: 0, ...overrides });

const contextOf = (seed = 1, given: Partial<TrainContext> = {}): TrainContext => ({
  seed,
  threads: serialThreadPool(threadTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
  ...given,
});

/** Random preferences: likes of weight 1-5, a fifth dislikes, some zeros, some users and products without any. */
function drawPreferences(seed: number, users: number, products: number): Csr {
  const rng = createRng(seed);
  const [row, column, value]: number[][] = [[], [], []];
  for (let user = 1; user < users; user++) {
    for (let product = 1; product < products; product++) {
      if (rng.uniform() < 0.7) continue;
      row.push(user);
      column.push(product);
      value.push((1 + rng.int(5)) * (rng.uniform() < 0.2 ? -1 : 1) * Number(rng.uniform() < 0.9));
    }
  }
  return csrFromTriplets({ row, column, value }, users, products);
}

async function trained(preferences: Csr, config: CollaborativeConfig, seed = 1): Promise<Factors> {
  const { factors } = await trainFactors(preferences, config, contextOf(seed));
  return { rows: preferences.columns, values: Float64Array.from(factors) };
}

describe('trainFactors', () => {
  it('gives the scores of the float64 reference for all settings', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(0, 0.5, 1),
        fc.constantFrom(0.01, 0.1, 1),
        fc.constantFrom(0, 0.3, 5),
        async (seed, rank, regularizationExponent, unobservedWeight, flatRegularization) => {
          const config = configOf({
            rank,
            regularizationExponent,
            unobservedWeight,
            flatRegularization,
            regularization: 0.02,
            stddev: 0.5,
          });
          const preferences = drawPreferences(seed, 18, 23);
          const expected = scoresOf(preferences, trainByTheBook(preferences, config, seed), config);
          const found = scoresOf(preferences, await trained(preferences, config, seed), config);
          for (const [at, score] of expected.entries())
            expect(Math.abs(found[at] - score)).toBeLessThan(2e-4);
        },
      ),
      { seed: 2021, numRuns: 40 },
    );
  });

  it('returns factors whose Gram matrix is the returned diagonal', async () => {
    const preferences = drawPreferences(4, 30, 40);
    const config = configOf({ rank: 9 });
    const { factors, gramEigenvalues } = await trainFactors(preferences, config, contextOf());
    for (let i = 0; i < 9; i++) {
      for (let j = 0; j < 9; j++) {
        let sum = 0;
        for (let row = 0; row < 40; row++) sum += factors[row * 9 + i] * factors[row * 9 + j];
        expect(Math.abs(sum - (i === j ? gramEigenvalues[i] : 0))).toBeLessThan(1e-5 * gramEigenvalues[8]);
      }
    }
  });

  it('never raises the loss from one epoch to the next', async () => {
    const preferences = drawPreferences(5, 40, 30);
    const losses: number[] = [];
    for (let epochs = 1; epochs <= 8; epochs++) {
      const config = configOf({ rank: 5, epochs, regularization: 0.01, unobservedWeight: 0.1 });
      const products = await trained(preferences, config);
      losses.push(lossOf(preferences, solveAll(preferences, products, config), products, config));
    }
    for (let epoch = 1; epoch < losses.length; epoch++) {
      expect(losses[epoch]).toBeLessThanOrEqual(losses[epoch - 1] * (1 + 1e-6));
    }
    expect(losses[7]).toBeLessThan(losses[0]);
  });
});

describe('a run of trainFactors', () => {
  it('gives zeros to a product without an opinion', async () => {
    const { factors } = await trainFactors(drawPreferences(6, 20, 20), configOf({}), contextOf());
    expect([...factors.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(factors.subarray(6).some(value => value !== 0)).toBe(true);
  });

  it('depends on the seed and on nothing else', async () => {
    const preferences = drawPreferences(7, 20, 20);
    const factorsWith = async (seed: number) =>
      (await trainFactors(preferences, configOf({}), contextOf(seed))).factors;
    expect(await factorsWith(1)).toEqual(await factorsWith(1));
    expect(await factorsWith(1)).not.toEqual(await factorsWith(2));
  });

  it('reports progress twice per epoch', async () => {
    const reported: [number, number][] = [];
    const onProgress = (done: number, total: number) => reported.push([done, total]);
    await trainFactors(drawPreferences(8, 20, 20), configOf({ epochs: 2 }), contextOf(1, { onProgress }));
    expect(reported).toEqual([1, 2, 3, 4].map(done => [done, 4]));
  });

  it('stops in the middle when cancelled', async () => {
    const stop = new AbortController();
    let last = 0;
    const training = trainFactors(
      drawPreferences(9, 20, 20),
      configOf({ epochs: 50 }),
      contextOf(1, {
        signal: stop.signal,
        onProgress(done) {
          last = done;
          if (done === 3) stop.abort();
        },
      }),
    );
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(last).toBe(3);
  });
});
