import { adamSettingsLength, writeAdamSettings } from '../numeric/network/adamSettings';
import type { Arena } from '../numeric/wasm/arena';
import { productScratchLength } from '../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../numeric/wasm/networkKernelsOver';
import {
  checkShapes,
  type GradientHook,
  gradientsInUse,
  type LazyTable,
  type NetworkParameters,
  type RowGradients,
  type ShardGradients,
  type SummedGradients,
} from './gradients';
import { addressesOf, shardCount } from './shards';
import { rowsOfPart, type Update, type UpdatePlan, updatePart } from './update';
import type { WorkerGroup } from './workerGroup';

/** How parameters are updated: Adam with decoupled weight decay (Loshchilov & Hutter 2019). */
export interface OptimizerOptions {
  /** Decay of the first moments, 0–1; 0.9 by default. */
  readonly beta1?: number;
  /** Decay of the second moments, 0–1; 0.999 by default. */
  readonly beta2?: number;
  /** Share of a parameter that decay takes at a step of rate 1; of tables only in rows with a gradient. 0 by default. */
  readonly weightDecay?: number;
  /** Greatest length of the summed gradient, > 0: a longer one is scaled down to it. Not clipped by default. */
  readonly clipNorm?: number;
  readonly hook?: GradientHook;
  /**
   * Minimum number of gradients of a step that are summed and applied on threads, 2¹⁸ by default. Fewer stay on the calling
   * thread, because they take less time (about 0.3 ms) than the messages to threads. The bytes are the same.
   */
  readonly minThreadedGradients?: number;
}

/** Updates the parameters of a network from the gradients of its shards. */
export interface Optimizer {
  /**
   * Takes the gradients that lie in the shards.
   *
   * @param step - 1 for the first, then one more each time
   * @throws {GatewayError} CANCELLED
   */
  step(step: number, learningRate: number): Promise<void>;
}

/** Arrays that the update of a table keeps. */
interface TableState {
  readonly gradients: Float32Array;
  readonly moments: Float32Array;
  readonly steps: Uint32Array;
  readonly touched: Uint32Array;
  readonly touchedCounts: Uint32Array;
}

function tableStateOf(arena: Arena, { values, columns }: LazyTable): TableState {
  const rows = values.length / columns;
  return {
    gradients: arena.float32(values.length),
    moments: arena.float32(2 * values.length),
    steps: arena.uint32(rows),
    touched: arena.uint32(shardCount * rowsOfPart(rows)),
    touchedCounts: arena.uint32(shardCount),
  };
}

const rowAddresses = ({ table, ...arrays }: RowGradients) => ({
  table,
  count: arrays.count.byteOffset,
  gradients: arrays.gradients.byteOffset,
  indices: arrays.indices.byteOffset,
  starts: arrays.starts?.byteOffset ?? 0,
});

function planOf(
  arena: Arena,
  { dense, tables }: NetworkParameters,
  states: readonly TableState[],
  shards: readonly ShardGradients[],
  adamSettings: Float32Array,
): UpdatePlan {
  return {
    length: dense.length,
    dense: dense.byteOffset,
    moments: arena.float32(2 * dense.length).byteOffset,
    gradients: shards.map(shard => shard.dense.byteOffset),
    tables: tables.map(({ values, columns }, index) => ({
      ...addressesOf(states[index]),
      values: values.byteOffset,
      columns,
      rows: values.length / columns,
    })),
    rows: shards.flatMap(({ rows }) => rows.map(rowAddresses)),
    adamSettings: adamSettings.byteOffset,
  };
}

/** Rows of a table that the step has gradients for, by part. */
function* touchedRows({ touched, touchedCounts, steps }: TableState): Generator<Uint32Array> {
  const size = rowsOfPart(steps.length);
  for (const [part, count] of touchedCounts.entries())
    yield touched.subarray(part * size, part * size + count);
}

/** Square of the length of the summed gradient. */
function squaredNorm(
  dense: Float32Array,
  tables: readonly LazyTable[],
  states: readonly TableState[],
): number {
  let square = 0;
  for (let place = 0; place < dense.length; place++) square += dense[place] * dense[place];
  for (const [index, { columns }] of tables.entries()) {
    const { gradients } = states[index];
    for (const rows of touchedRows(states[index])) {
      for (const row of rows) {
        for (let k = row * columns; k < (row + 1) * columns; k++) square += gradients[k] * gradients[k];
      }
    }
  }
  return square;
}

const summedOf = (dense: Float32Array, states: readonly TableState[]): SummedGradients => ({
  dense,
  tables: states.map(state => ({
    gradients: state.gradients,
    rows: () => Uint32Array.from([...touchedRows(state)].flatMap(rows => [...rows])),
  })),
});

/** Gradients of a step, dense and by row. */
const gradientsOf = (shards: readonly ShardGradients[], tables: readonly LazyTable[]): number =>
  shards.reduce(
    (sum, { dense, rows }) =>
      sum +
      dense.length +
      rows.reduce((floats, { count, table }) => floats + count[0] * tables[table].columns, 0),
    0,
  );

const defaultMinThreadedGradients = 2 ** 18;

/** Returns a function that runs all parts of an update, on threads or on the calling thread. */
function updaterOf(workers: WorkerGroup, plan: UpdatePlan, isThreaded: () => boolean) {
  const { memory } = workers.arena;
  const scratch = workers.arena.float32(productScratchLength);
  const here = { memory, kernels: networkKernelsOver(memory, scratch.byteOffset) };
  return async (rest: Omit<Update, 'plan'>): Promise<void> => {
    const update: Update = { plan, ...rest };
    if (isThreaded()) return workers.run('learning.update', shardCount, 1, { ...update });
    for (let part = 0; part < shardCount; part++) updatePart(update, part, here);
  };
}

/**
 * An optimizer of parameters that are, with the gradients of the shards, in the arena of a worker group.
 *
 * @throws {RangeError} when gradients do not have the shape of the parameters, or `clipNorm` is not above 0
 */
export function createOptimizer(
  workers: WorkerGroup,
  parameters: NetworkParameters,
  shards: readonly ShardGradients[],
  options: OptimizerOptions,
): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, weightDecay = 0, clipNorm, hook } = options;
  const { minThreadedGradients = defaultMinThreadedGradients } = options;
  checkShapes(parameters, shards);
  if (clipNorm !== undefined && !(clipNorm > 0))
    throw new RangeError(`Expected a clipNorm above 0; got ${clipNorm}. Leave it out not to clip.`);
  const { arena } = workers;
  const { tables } = parameters;
  const states = tables.map(table => tableStateOf(arena, table));
  const adamSettings = arena.float32(adamSettingsLength);
  const plan = planOf(arena, parameters, states, shards, adamSettings);
  const update = updaterOf(workers, plan, () => gradientsOf(shards, tables) >= minThreadedGradients);
  const [{ dense }] = shards;
  const sum = summedOf(dense, states);
  return {
    async step(step, learningRate) {
      writeAdamSettings({ learningRate, beta1, beta2, weightDecay }, step, adamSettings);
      if (!hook && clipNorm === undefined) return update({ step, stage: 'both', clipFactor: 1 });
      if (hook) {
        for (const [shard, own] of shards.entries()) hook.clipShard(gradientsInUse(own, tables), shard);
      }
      await update({ step, stage: 'sum', clipFactor: 1 });
      hook?.addNoise(sum);
      const norm = clipNorm === undefined ? 0 : Math.sqrt(squaredNorm(dense, tables, states));
      const isLong = clipNorm !== undefined && norm > clipNorm;
      return update({ step, stage: 'step', clipFactor: isLong ? clipNorm / norm : 1 });
    },
  };
}
