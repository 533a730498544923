// A tiny convex network for tests of the training loop: y = x·w + u[group], squared loss. `w` is dense, `u` a lazily updated
// table with one row of eight numbers per group, of which the loss reads the sum.
import type { ShardGradients } from '../../src/learning/gradients';
import { addressesOf, shardCount, shardTask } from '../../src/learning/shards';
import type { TrainContext } from '../../src/learning/trainContext';
import {
  runTrainingLoop,
  type TrainableNetwork,
  type TrainingOptions,
} from '../../src/learning/trainingLoop';
import { learningTasks } from '../../src/learning/update';
import { type ChunkedPayload, createWorkerGroup, type WorkerGroup } from '../../src/learning/workerGroup';
import { createRng } from '../../src/numeric/rng';
import { serialThreadPool, type ThreadPool } from '../../src/numeric/threadPool';
import { createArena } from '../../src/numeric/wasm/arena';
import { productScratchLength } from '../../src/numeric/wasm/networkKernels';

export const columns = 8;
export const groups = 10;
const examples = 240;
const batchSize = 40;

const arraysOf = (workers: WorkerGroup) => ({
  x: workers.arena.float32(examples * columns),
  y: workers.arena.float32(examples),
  group: workers.arena.uint32(examples),
  dense: workers.arena.float32(columns),
  table: workers.arena.float32(groups * columns),
});

/** One shard's examples and gradients. */
const shardArraysOf = (workers: WorkerGroup) => ({
  count: workers.arena.uint32(1),
  rows: workers.arena.uint32(batchSize),
  gradient: workers.arena.float32(columns),
  rowGradients: workers.arena.float32(batchSize * columns),
  groups: workers.arena.uint32(batchSize),
});

interface LinearPayload extends ChunkedPayload {
  readonly arrays: Readonly<Record<string, number>>;
  readonly shards: readonly Readonly<Record<string, number>>[];
  readonly share: number;
}

function computeShard({ memory, arrays, shards, share }: LinearPayload, shard: number): void {
  const floats = (address: number, length: number) => new Float32Array(memory.buffer, address, length);
  const words = (address: number, length: number) => new Uint32Array(memory.buffer, address, length);
  const own = shards[shard];
  const [x, y] = [floats(arrays['x'], examples * columns), floats(arrays['y'], examples)];
  const [dense, table] = [floats(arrays['dense'], columns), floats(arrays['table'], groups * columns)];
  const group = words(arrays['group'], examples);
  const gradient = floats(own['gradient'], columns).fill(0);
  const [count] = words(own['count'], 1);
  const rows = words(own['rows'], count);
  for (const [place, row] of rows.entries()) {
    let error = -y[row];
    for (let k = 0; k < columns; k++)
      error += x[row * columns + k] * dense[k] + table[group[row] * columns + k];
    for (let k = 0; k < columns; k++) gradient[k] += 2 * share * error * x[row * columns + k];
    floats(own['rowGradients'] + 4 * place * columns, columns).fill(2 * share * error);
    words(own['groups'], batchSize)[place] = group[row];
  }
}

export const linearTasks = { 'linear.gradients': shardTask(computeShard), ...learningTasks };

/** A pool that reports a number of threads but has none: payloads run last to first, as threads might. */
export const backwardsPool = (size: number): ThreadPool => ({
  size,
  run: (task, payloads) => serialThreadPool(linearTasks).run(task, payloads.toReversed()),
});

export const contextOf = (changes: Partial<TrainContext> = {}): TrainContext => ({
  seed: 1,
  threads: serialThreadPool(linearTasks),
  onProgress: () => undefined,
  signal: new AbortController().signal,
  ...changes,
});

/** Weights that generated the examples. */
export const trueWeights = Float32Array.of(1, -2, 3, 0, 0.5, -0.5, 2, -1);

/** A network over examples without noise, and its arrays for tests. */
function linearNetwork(context: TrainContext) {
  const workers = createWorkerGroup(createArena(), context, productScratchLength);
  const arrays = arraysOf(workers);
  const shards = Array.from({ length: shardCount }, () => shardArraysOf(workers));
  const rng = createRng(context.seed);
  for (let row = 0; row < examples; row++) {
    arrays.group[row] = row % (groups - 1);
    for (let k = 0; k < columns; k++) {
      arrays.x[row * columns + k] = rng.gaussian();
      arrays.y[row] += arrays.x[row * columns + k] * trueWeights[k];
    }
    arrays.y[row] += 0.3 * arrays.group[row];
  }
  const [addresses, shardAddresses] = [addressesOf(arrays), shards.map(addressesOf)];
  const gradients: readonly ShardGradients[] = shards.map(shard => ({
    dense: shard.gradient,
    rows: [
      { table: 0, count: shard.count, gradients: shard.rowGradients, indices: shard.groups, starts: null },
    ],
  }));
  const network: TrainableNetwork<Uint32Array> = {
    parameters: { dense: arrays.dense, tables: [{ values: arrays.table, columns }] },
    shards: gradients,
    drawBatches() {
      const order = rng.shuffle(Uint32Array.from({ length: examples }, (_, row) => row));
      return Array.from({ length: examples / batchSize }, (_, batch) =>
        order.slice(batch * batchSize, (batch + 1) * batchSize),
      );
    },
    async computeGradients(batch) {
      for (const [index, shard] of shards.entries()) {
        const own = batch.filter((_, place) => place % shardCount === index);
        shard.rows.set(own);
        shard.count[0] = own.length;
      }
      const payload = { arrays: addresses, shards: shardAddresses, share: 1 / batch.length };
      await workers.run('linear.gradients', shardCount, 1, payload);
    },
  };
  return { network, workers, arrays, shards };
}

export type LinearNetwork = ReturnType<typeof linearNetwork>;

/** Trains a network with the changes of a test. */
export async function trainLinear(
  context: TrainContext,
  options: Partial<TrainingOptions> = {},
  change: (made: LinearNetwork) => Partial<TrainableNetwork<Uint32Array>> = () => ({}),
) {
  const made = linearNetwork(context);
  const network = { ...made.network, ...change(made) };
  const defaults = { epochs: 40, schedule: (progress: number) => 0.1 * (1 - progress) };
  const result = await runTrainingLoop(network, made.workers, { ...defaults, ...options }, context);
  made.workers.dismiss();
  return { ...made, result };
}
