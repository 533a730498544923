import type { GradientHook } from '../../src/learning/gradients';
import { shardCount } from '../../src/learning/shards';
import type { TrainableNetwork } from '../../src/learning/trainingLoop';
import {
  backwardsPool,
  columns,
  contextOf,
  groups,
  type LinearNetwork,
  linearTasks,
  trainLinear,
  trueWeights,
} from './linearNetwork';

const keptHook: GradientHook = { clipShard: () => undefined, addNoise: () => undefined };

const groupSum = ({ arrays }: LinearNetwork, group: number): number =>
  arrays.table.subarray(group * columns, (group + 1) * columns).reduce((sum, value) => sum + value, 0);

describe('the training loop', () => {
  it('converges on a linear regression, dense weights and rows of a table alike', async () => {
    const trained = await trainLinear(contextOf());
    for (const [k, weight] of trueWeights.entries()) expect(trained.arrays.dense[k]).toBeCloseTo(weight, 2);
    for (let group = 0; group < groups - 1; group++)
      expect(groupSum(trained, group)).toBeCloseTo(0.3 * group, 1);
    expect(trained.result.epochs).toBe(40);
  });

  it('keeps rows without gradients unchanged, also under weight decay', async () => {
    const trained = await trainLinear(contextOf(), { weightDecay: 0.5 }, ({ arrays }) => {
      arrays.table.fill(0.25);
      return {};
    });
    const unread = trained.arrays.table.subarray((groups - 1) * columns);
    expect(unread.every(value => value === 0.25)).toBe(true);
  });

  it.each([
    [1, 0],
    [2, 0],
    [3, 0],
    [7, 0],
    [3, 1e9],
  ])(
    'gives the same bytes on %d threads, updates of %d gradients among them, as on one',
    async (size, min) => {
      const [one, other] = [
        await trainLinear(contextOf(), { clipNorm: 0.5 }),
        await trainLinear(contextOf({ threads: backwardsPool(size) }), {
          clipNorm: 0.5,
          minThreadedGradients: min,
        }),
      ];
      expect(other.arrays.dense).toEqual(one.arrays.dense);
      expect(other.arrays.table).toEqual(one.arrays.table);
    },
  );

  it('adds a gradient to each of the rows that `starts` assigns to it', async () => {
    // Every gradient belongs to its own group and to the last one, which no example has.
    const trained = await trainLinear(contextOf(), { epochs: 1 }, made => {
      const { arena } = made.workers;
      const pairs = made.shards.map(({ rows }) => ({
        starts: arena.uint32(rows.length + 1),
        indices: arena.uint32(2 * rows.length).fill(groups - 1),
      }));
      for (const { starts } of pairs) starts.set(starts.map((_, place) => 2 * place));
      return {
        shards: made.network.shards.map((shard, index) => ({
          ...shard,
          rows: shard.rows.map(rows => ({ ...rows, ...pairs[index] })),
        })),
        async computeGradients(batch, step) {
          await made.network.computeGradients(batch, step);
          for (const [index, { groups: own, count }] of made.shards.entries()) {
            for (let place = 0; place < count[0]; place++) pairs[index].indices[2 * place] = own[place];
          }
        },
      };
    });
    const plain = await trainLinear(contextOf(), { epochs: 1 });
    expect(trained.arrays.table.subarray(0, columns)).not.toEqual(new Float32Array(columns));
    expect(groupSum(trained, groups - 1)).not.toBe(0);
    expect(groupSum(plain, groups - 1)).toBe(0);
  });

  it('gives other bytes for another seed', async () => {
    const [one, other] = [await trainLinear(contextOf()), await trainLinear(contextOf({ seed: 2 }))];
    expect(other.arrays.dense).not.toEqual(one.arrays.dense);
  });

  it('passes progress of all epochs and the step number to the schedule', async () => {
    const seen: [number, number][] = [];
    const schedule = (progress: number, step: number): number => {
      seen.push([progress, step]);
      return 0.01;
    };
    await trainLinear(contextOf(), { epochs: 2, schedule });
    expect(seen.map(([, step]) => step)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    for (const [progress, step] of seen) expect(progress).toBeCloseTo((step - 1) / 12, 12);
  });

  it('reports progress in epochs that never falls and ends at all of them', async () => {
    const reports: [number, number][] = [];
    const onProgress = (done: number, total: number): number => reports.push([done, total]);
    await trainLinear(contextOf({ onProgress }), { epochs: 3 });
    expect(reports.length).toBeGreaterThan(3);
    for (const [index, [done, total]] of reports.entries()) {
      expect(total).toBe(3);
      expect(done).toBeGreaterThanOrEqual(index === 0 ? 0 : reports[index - 1][0]);
    }
    expect(reports.at(-1)).toEqual([3, 3]);
  });
});

describe('gradient clipping', () => {
  /** Length of the dense gradient that the first step used: it stays in the first shard. */
  const normOfFirstStep = async (clipNorm?: number): Promise<number> => {
    const options = { epochs: 1, ...(clipNorm !== undefined && { clipNorm }) };
    const trained = await trainLinear(contextOf(), options, ({ network }) => ({
      drawBatches: epoch => network.drawBatches(epoch).slice(0, 1),
    }));
    return Math.hypot(...trained.shards[0].gradient);
  };

  it('scales a longer gradient down to the norm, and leaves a shorter one', async () => {
    const free = await normOfFirstStep();
    const clipped = await normOfFirstStep(0.1);
    expect(free).toBeGreaterThan(0.1);
    expect(clipped).toBeLessThanOrEqual(0.1);
    expect(clipped).toBeGreaterThan(0.01);
    expect(await normOfFirstStep(1e6)).toBe(free);
  });

  it('counts the rows of tables into the norm', async () => {
    let [dense, rows] = [0, 0];
    const addNoise: GradientHook['addNoise'] = sum => {
      dense = Math.hypot(...sum.dense);
      rows = Math.hypot(...sum.tables[0].gradients);
    };
    const trained = await trainLinear(
      contextOf(),
      { epochs: 1, clipNorm: 0.1, hook: { ...keptHook, addNoise } },
      made => ({ drawBatches: epoch => made.network.drawBatches(epoch).slice(0, 1) }),
    );
    const factor = 0.1 / Math.hypot(dense, rows);
    expect(Math.hypot(...trained.shards[0].gradient)).toBeCloseTo(factor * dense, 6);
    expect(rows).toBeGreaterThan(0.1);
  });
});

describe('early stopping', () => {
  const losses = [5, 3, 4, 2, 6, 7, 8, 1];
  /** Trains with given validation losses, and keeps the weights after each epoch. */
  const stoppedWith = async (given: readonly number[], patience: number) => {
    const after: Float32Array[] = [];
    const trained = await trainLinear(contextOf(), { epochs: given.length, patience }, ({ arrays }) => ({
      async validationLoss() {
        after.push(Float32Array.of(...arrays.dense, ...arrays.table));
        return given[after.length - 1];
      },
    }));
    return { after, trained: Float32Array.of(...trained.arrays.dense, ...trained.arrays.table), ...trained };
  };

  it('stops after `patience` epochs without a lower loss and keeps the best parameters', async () => {
    const { after, trained, result } = await stoppedWith(losses, 3);
    expect(after).toHaveLength(7);
    expect(result.epochs).toBe(4);
    expect(trained).toEqual(after[3]);
    expect(trained).not.toEqual(after[6]);
  });

  it('keeps the best of all epochs when it does not stop early', async () => {
    const { after, trained, result } = await stoppedWith(losses, 8);
    expect([after.length, result.epochs]).toEqual([8, 8]);
    expect(trained).toEqual(after[7]);
  });

  it('keeps the initial parameters when every loss is NaN', async () => {
    const { after, trained, result } = await stoppedWith([Number.NaN, Number.NaN, Number.NaN], 2);
    expect([after.length, result.epochs]).toEqual([2, 0]);
    expect(trained.every(value => value === 0)).toBe(true);
  });
});

describe('cancellation', () => {
  it('rejects before the first step when the signal is already aborted', async () => {
    const signal = AbortSignal.abort();
    await expect(trainLinear(contextOf({ signal }))).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('rejects at the next step', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const training = trainLinear(contextOf({ signal: controller.signal }), {}, ({ network }) => ({
      async computeGradients(batch, step) {
        steps.push(step);
        await network.computeGradients(batch, step);
        if (step === 3) controller.abort();
      },
    }));
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(steps).toEqual([1, 2, 3]);
  });

  it('lets an abort from outside arrive between steps of a training on this thread', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    const training = trainLinear(contextOf({ signal: controller.signal }), { epochs: 100_000 });
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('the gradient hook', () => {
  it('keeps the same bytes when it changes no gradient', async () => {
    const [one, other] = [await trainLinear(contextOf()), await trainLinear(contextOf(), { hook: keptHook })];
    expect(other.arrays.dense).toEqual(one.arrays.dense);
    expect(other.arrays.table).toEqual(one.arrays.table);
  });

  it('sees the gradients of each shard in order before they are summed', async () => {
    const seen: { shard: number; dense: Float32Array; rows: number }[] = [];
    const sums: Float32Array[] = [];
    const hook: GradientHook = {
      clipShard([dense, rows], shard) {
        seen.push({ shard, dense: dense.slice(), rows: rows.length });
      },
      addNoise: ({ dense }) => sums.push(dense.slice()),
    };
    await trainLinear(contextOf(), { epochs: 1, hook });
    expect(seen.map(({ shard }) => shard)).toEqual(Array.from({ length: 24 }, (_, n) => n % shardCount));
    expect(seen.every(({ rows }) => rows === 10 * columns)).toBe(true);
    const first = new Float32Array(columns);
    for (const { dense } of seen.slice(0, shardCount)) for (let k = 0; k < columns; k++) first[k] += dense[k];
    expect(sums[0]).toEqual(first);
  });

  it('can remove all gradients, so that nothing is learned', async () => {
    const hook: GradientHook = {
      ...keptHook,
      clipShard(gradients) {
        for (const own of gradients) own.fill(0);
      },
    };
    const { arrays } = await trainLinear(contextOf(), { epochs: 2, hook });
    expect([...arrays.dense, ...arrays.table].every(value => value === 0)).toBe(true);
  });

  it('can add noise to the sum, dense and by row', async () => {
    const rows: Uint32Array[] = [];
    const hook: GradientHook = {
      clipShard(gradients) {
        for (const own of gradients) own.fill(0);
      },
      addNoise({ dense, tables: [table] }) {
        dense[2] = -1;
        rows.push(table.rows());
        table.gradients[columns] = 1;
      },
    };
    const schedule = (): number => 0.125;
    const { arrays } = await trainLinear(contextOf(), { epochs: 1, hook, schedule });
    expect(arrays.dense[2]).toBeCloseTo(6 * 0.125, 4);
    expect(arrays.table[columns]).toBeCloseTo(-6 * 0.125, 4);
    expect([...rows[0]].toSorted((a, b) => a - b)).toEqual(Array.from({ length: groups - 1 }, (_, n) => n));
  });
});

describe('a network of broken shape', () => {
  type Broken = (made: LinearNetwork) => Partial<TrainableNetwork<Uint32Array>>;
  const withRows =
    (change: (rows: LinearNetwork['network']['shards'][number]['rows'][number]) => object): Broken =>
    ({ network }) => ({
      shards: network.shards.map(shard => ({
        ...shard,
        rows: shard.rows.map(rows => ({ ...rows, ...change(rows) })),
      })),
    });

  it.each<[string, Broken]>([
    ['no shards', () => ({ shards: [] })],
    [
      'dense gradients of another length',
      ({ network }) => ({
        shards: network.shards.map(shard => ({ ...shard, dense: shard.dense.subarray(4) })),
      }),
    ],
    [
      'dense parameters that are not in fours',
      ({ network }) => ({
        parameters: { ...network.parameters, dense: network.parameters.dense.subarray(0, 7) },
      }),
    ],
    [
      'a table that is not in whole rows',
      ({ arrays, network }) => ({
        parameters: { ...network.parameters, tables: [{ values: arrays.table.subarray(1), columns }] },
      }),
    ],
    ['rows of a table that is not there', withRows(() => ({ table: 1 }))],
    ['rows that are not whole', withRows(({ gradients }) => ({ gradients: gradients.subarray(1) }))],
    ['too few indices', withRows(({ indices }) => ({ indices: indices.subarray(1) }))],
    ['too few starts', withRows(({ indices }) => ({ starts: indices }))],
    ['no count', withRows(({ count }) => ({ count: count.subarray(1) }))],
  ])('is refused: %s', async (_, change) => {
    await expect(trainLinear(contextOf(), {}, change)).rejects.toThrow(RangeError);
  });

  it.each([{ clipNorm: 0 }, { epochs: 0 }, { patience: 0 }])('options out of range: %j', async options => {
    await expect(trainLinear(contextOf(), options)).rejects.toThrow(RangeError);
  });
});

it('registers the update with the tasks of a network', () => {
  expect(Object.keys(linearTasks)).toContain('learning.update');
});
