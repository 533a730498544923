import { type AddressesOf, shardCount, shardTask } from '../../learning/shards';
import { learningTasks } from '../../learning/update';
import type { ChunkedPayload } from '../../learning/workerGroup';
import type { ThreadTask } from '../../numeric/threadPool';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import { lossRows, type ShardWorkspace, type Workspace, weightPlaces } from './workspace';

/** Properties of a step's payload beside ChunkedPayload. */
export interface StepArguments {
  readonly workspace: AddressesOf<Workspace>;
  readonly shards: readonly AddressesOf<ShardWorkspace>[];
  readonly columns: number;
  readonly negatives: number;
  /** Distinct products of the batch. */
  readonly products: number;
  readonly inputDropout: number;
  readonly stateDropout: number;
  readonly seed: number;
  /** Scores are cosines times this. */
  readonly scale: number;
  /** 1 / steps of the whole batch. */
  readonly share: number;
}

/** One shard of a step. */
interface ShardOfStep extends StepArguments {
  readonly memory: WebAssembly.Memory;
  readonly shard: AddressesOf<ShardWorkspace>;
  readonly rows: number;
  /** Rows of each time step. */
  readonly times: readonly { readonly first: number; readonly count: number }[];
}

function shardOf(payload: ChunkedPayload & StepArguments, index: number): ShardOfStep {
  const { memory, shards, seed } = payload;
  const shard = shards[index];
  const [rows, times] = new Uint32Array(memory.buffer, shard.extent, 2);
  const offsets = new Uint32Array(memory.buffer, shard.timeOffsets, times + 1);
  return {
    ...payload,
    shard,
    rows,
    seed: (seed * shardCount + index) | 0,
    times: Array.from({ length: times }, (_, time) => ({
      first: offsets[time],
      count: offsets[time + 1] - offsets[time],
    })),
  };
}

const bytesOf = (floats: number): number => 4 * floats;

/** Computes states from the input products, one time step after the other. */
function forward(kernels: NetworkKernels, step: ShardOfStep): void {
  const { shard, workspace, columns, rows, inputDropout, stateDropout, seed } = step;
  const places = weightPlaces(columns);
  const weight = (place: number): number => workspace.weights + bytesOf(place);
  kernels.gatherRows(workspace.units, shard.inputs, rows, columns, Math.sqrt(columns), shard.x);
  kernels.dropout(shard.x, rows * columns, inputDropout, seed, 0);
  kernels.multiply(shard.x, weight(places.input), shard.fromInputs, rows, columns, 3 * columns);
  kernels.addBias(shard.fromInputs, rows, 3 * columns, weight(places.inputBias));
  let previous = shard.zeros;
  for (const { first, count } of step.times) {
    const fromStates = shard.fromStates + bytesOf(first * 3 * columns);
    const fromInputs = shard.fromInputs + bytesOf(first * 3 * columns);
    const states = shard.states + bytesOf(first * columns);
    kernels.multiply(previous, weight(places.state), fromStates, count, columns, 3 * columns);
    kernels.addBias(fromStates, count, 3 * columns, weight(places.stateBias));
    kernels.gruStep(fromInputs, fromStates, previous, states, count, columns);
    previous = states;
  }
  const { buffer } = step.memory;
  new Float32Array(buffer, shard.queries, rows * columns).set(
    new Float32Array(buffer, shard.states, rows * columns),
  );
  kernels.dropout(shard.queries, rows * columns, stateDropout, ~seed, 0);
  kernels.unitRows(shard.queries, rows, columns, shard.queryLengths);
}

/** Computes the loss and the gradients of the states; adds those of targets and negatives. */
function computeLoss(kernels: NetworkKernels, step: ShardOfStep): void {
  const { memory, shard, workspace, columns, negatives, rows, scale, share } = step;
  const targets = new Uint32Array(memory.buffer, shard.targets, rows);
  const own = new Uint32Array(memory.buffer, shard.chosenTargets, lossRows);
  for (let first = 0; first < rows; first += lossRows) {
    const count = Math.min(lossRows, rows - first);
    own.set(targets.subarray(first, first + count));
    const queries = shard.queries + bytesOf(first * columns);
    const gradient = shard.gradient + bytesOf(first * columns);
    kernels.gatherRows(workspace.units, shard.chosenTargets, count, columns, scale, shard.chosen);
    kernels.multiplyTransposed(queries, workspace.negativeUnits, shard.logits, count, columns, negatives);
    kernels.rowDots(queries, shard.chosen, count, columns, shard.positives);
    kernels.sampledSoftmax(shard.lossJob, count, share);
    kernels.multiply(shard.logits, workspace.negativeUnits, gradient, count, negatives, columns);
    kernels.addScaledRows(shard.chosen, shard.positives, count, columns, gradient);
    kernels.addTransposedMultiply(shard.logits, queries, shard.negativeGradient, negatives, count, columns);
    new Float32Array(memory.buffer, shard.chosen, count * columns).fill(0);
    kernels.addScaledRows(queries, shard.positives, count, columns, shard.chosen);
    kernels.scatterAddRows(shard.chosen, shard.chosenTargets, count, columns, scale, shard.productGradient);
  }
  kernels.scatterAddRows(
    shard.negativeGradient,
    workspace.negatives,
    negatives,
    columns,
    scale,
    shard.productGradient,
  );
}

/** Backward pass through time: adds the gradients of the unit's weights and of the input products. */
function backward(kernels: NetworkKernels, step: ShardOfStep): void {
  const { shard, workspace, columns, rows, times, inputDropout, stateDropout, seed } = step;
  const places = weightPlaces(columns);
  const weight = (place: number): number => workspace.weights + bytesOf(place);
  const gradientOf = (place: number): number => shard.weightGradient + bytesOf(place);
  kernels.unitRowsBackward(shard.queries, shard.queryLengths, rows, columns, shard.gradient);
  kernels.dropout(shard.gradient, rows * columns, stateDropout, ~seed, 0);
  for (let time = times.length - 1; time >= 0; time--) {
    const { first, count } = times[time];
    const previous = time > 0 ? shard.states + bytesOf(times[time - 1].first * columns) : shard.zeros;
    const fromStates = shard.fromStates + bytesOf(first * 3 * columns);
    const fromInputs = shard.fromInputs + bytesOf(first * 3 * columns);
    const gradient = shard.gradient + bytesOf(first * columns);
    kernels.gruStepBackward(fromInputs, fromStates, previous, gradient, count, columns);
    if (time === 0) continue;
    kernels.addMultiplyTransposed(fromStates, weight(places.state), gradient, count, 3 * columns, columns);
    kernels.addInto(gradient, count * columns, shard.gradient + bytesOf(times[time - 1].first * columns));
    kernels.addTransposedMultiply(
      previous,
      fromStates,
      gradientOf(places.state),
      columns,
      count,
      3 * columns,
    );
  }
  kernels.addColumnSums(shard.fromStates, rows, 3 * columns, gradientOf(places.stateBias));
  kernels.addColumnSums(shard.fromInputs, rows, 3 * columns, gradientOf(places.inputBias));
  kernels.addTransposedMultiply(
    shard.x,
    shard.fromInputs,
    gradientOf(places.input),
    columns,
    rows,
    3 * columns,
  );
  kernels.multiplyTransposed(shard.fromInputs, weight(places.input), shard.x, rows, 3 * columns, columns);
  kernels.dropout(shard.x, rows * columns, inputDropout, seed, 0);
  kernels.scatterAddRows(shard.x, shard.inputs, rows, columns, Math.sqrt(columns), shard.productGradient);
}

/** The gradients of one shard, from zeros: of the weights, and of the embeddings of the batch's products. */
function computeGradients(
  payload: ChunkedPayload & StepArguments,
  index: number,
  kernels: NetworkKernels,
): void {
  const step = shardOf(payload, index);
  const { memory, workspace, shard, columns, negatives, products } = step;
  const zero = (address: number, length: number): unknown =>
    new Float32Array(memory.buffer, address, length).fill(0);
  zero(shard.productGradient, products * columns);
  zero(shard.negativeGradient, negatives * columns);
  zero(shard.weightGradient, weightPlaces(columns).length);
  if (step.rows === 0) return;
  forward(kernels, step);
  computeLoss(kernels, step);
  backward(kernels, step);
  // So far the gradients are those of the embeddings scaled to length one.
  const { units, unitLengths } = workspace;
  kernels.unitRowsBackward(units, unitLengths, products, columns, shard.productGradient);
}

/** Tasks that training runs on threads. */
export const gruTasks = {
  'gru.gradients': shardTask(computeGradients),
  ...learningTasks,
} as const satisfies Record<string, ThreadTask>;
