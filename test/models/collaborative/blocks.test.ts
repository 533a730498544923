import { type SettingOverrides, settingValuesOf } from '../../../src/learning/settings';
import { createThreadPool } from '../../../src/main/threads';
import { type CollaborativeConfig, collaborativeSettings } from '../../../src/models/collaborative/settings';
import { trainFactors } from '../../../src/models/collaborative/train';
import { threadTasks } from '../../../src/models/threadTasks';
import { type Csr, csrFromTriplets } from '../../../src/numeric/csr';
import { createRng } from '../../../src/numeric/rng';
import { serialThreadPool, type ThreadPool } from '../../../src/numeric/threadPool';
import { compileSources } from '../../support/compiled';
import { lossOf, solveAll } from './referenceAls';

const [users, products] = [50, 60];

/** Half of all pairs, some of them dislikes: most rows have more pairs than a block of 8 columns. */
function drawPreferences(): Csr {
  const rng = createRng(4);
  const [row, column, value]: number[][] = [[], [], []];
  for (let user = 0; user < users; user++) {
    for (let product = 0; product < products; product++) {
      if (rng.uniform() < (user % 5 === 0 ? 0.95 : 0.5)) continue;
      row.push(user);
      column.push(product);
      value.push((1 + rng.int(5)) * (rng.uniform() < 0.2 ? -1 : 1));
    }
  }
  return csrFromTriplets({ row, column, value }, users, products);
}

const configOf = (overrides: SettingOverrides): CollaborativeConfig =>
  settingValuesOf(collaborativeSettings, {
    rank: 22,
    blockSize: 8,
    regularization: 0.02,
    unobservedWeight: 0.1,
    flatRegularization: 0,
    ...overrides,
  });

async function factorsOf(
  overrides: SettingOverrides,
  threads: ThreadPool = serialThreadPool(threadTasks),
): Promise<Float32Array> {
  const { factors } = await trainFactors(drawPreferences(), configOf(overrides), {
    seed: 1,
    threads,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  return factors;
}

/** Returns the loss of these product factors with the optimal user factors. */
function lossWith(factors: Float32Array, config: CollaborativeConfig): number {
  const own = { rows: products, values: Float64Array.from(factors) };
  const preferences = drawPreferences();
  return lossOf(preferences, solveAll(preferences, own, config), own, config);
}

async function lossAfter(epochs: number, solver: string): Promise<number> {
  return lossWith(await factorsOf({ epochs, solver }), configOf({}));
}

describe('training by blocks', () => {
  it.each([
    ['blocks', 'blocks'],
    ['auto', 'auto'],
  ])('lowers the loss in every epoch, to nearly that of exact solutions (%s)', async (_name, solver) => {
    const losses: number[] = [];
    for (const epochs of [1, 2, 3, 4, 6, 9, 20]) losses.push(await lossAfter(epochs, solver));
    for (const [at, loss] of losses.slice(1).entries()) expect(loss).toBeLessThan(losses[at]);
    expect(losses[6]).toBeLessThan(1.01 * (await lossAfter(20, 'exact')));
  });

  it('gives the same bytes on any number of threads', async () => {
    const compiled = compileSources();
    const pool = createThreadPool(2, compiled.fileOf('main/threadWorker.ts'));
    try {
      for (const solver of ['auto', 'blocks']) {
        const alone = await factorsOf({ epochs: 3, solver });
        expect(await factorsOf({ epochs: 3, solver }, pool)).toEqual(alone);
      }
    } finally {
      await pool.close();
      compiled.remove();
    }
  });
});
