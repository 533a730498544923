// The forward and backward pass of one shard: packed pieces, time step by time step, so that each product of matrices covers
// all unfinished pieces. All arrays are reached by address: the same code runs on WebAssembly, on plain kernels, and in
// double precision for the test of gradients.

import type { AddressesOf } from '../../../learning/shards';
import { writeLstmJob } from '../../../numeric/network/jobs';
import type { NetworkKernels } from '../../../numeric/wasm/networkKernels';
import { denseCount, gateCount, headPlaces, indexCount, type NetworkShape, weightPlaces } from './shape';
import type { ShardWorkspace } from './workspace';

/** Kernels over a memory, and access to that memory. */
export interface Runtime {
  readonly kernels: NetworkKernels;
  words(address: number, length: number): Uint32Array;
  /** Copies `length` numbers. */
  copy(from: number, to: number, length: number): void;
  zero(address: number, length: number): void;
}

/** One shard of a batch. */
export interface PassJob {
  readonly shape: NetworkShape;
  readonly weights: number;
  readonly shard: AddressesOf<ShardWorkspace>;
  /** Most rows of a shard. */
  readonly capacity: number;
  /** Time steps: the length of its longest piece. */
  readonly times: number;
  readonly rows: number;
  readonly inputDropout: number;
  readonly stateDropout: number;
  readonly seed: number;
  /** Factor of the gradients: 1 / rows of the batch. */
  readonly share: number;
}

const bytesOf = (numbers: number): number => 4 * numbers;

/** A pass with the places of its parameters and time steps. */
interface Pass extends PassJob {
  readonly runtime: Runtime;
  readonly gates: number;
  readonly heads: number;
  readonly at: ReturnType<typeof weightPlaces>;
  readonly timeSteps: readonly { readonly first: number; readonly count: number }[];
}

function passOf(runtime: Runtime, job: PassJob): Pass {
  const offsets = runtime.words(job.shard.timeOffsets, job.times + 1);
  const weightAt = weightPlaces(job.shape);
  return {
    ...job,
    runtime,
    gates: gateCount(job.shape) * job.shape.columns,
    heads: headPlaces(job.shape).length,
    at: weightAt,
    timeSteps: Array.from({ length: job.times }, (_, time) => ({
      first: offsets[time],
      count: offsets[time + 1] - offsets[time],
    })),
  };
}

/** Computes x from events: the sum of looked-up rows and a dense layer, rectified. */
function readEvents({ runtime, shard, weights, at, shape, rows, capacity, inputDropout, seed }: Pass): void {
  const { kernels } = runtime;
  const { columns } = shape;
  const table = weights + bytesOf(at.table);
  kernels.gatherRows(table, shard.indices, rows, columns, 1, shard.x);
  for (let field = 1; field < indexCount; field++) {
    const indices = shard.indices + bytesOf(field * capacity);
    kernels.gatherRows(table, indices, rows, columns, 1, shard.lookup);
    kernels.addInto(shard.lookup, rows * columns, shard.x);
  }
  kernels.addMultiply(shard.dense, weights + bytesOf(at.dense), shard.x, rows, denseCount, columns);
  kernels.addBias(shard.x, rows, columns, weights + bytesOf(at.inputBias));
  kernels.relu(shard.x, rows * columns, shard.x);
  kernels.dropout(shard.x, rows * columns, inputDropout, seed, 0);
}

/** One time step of the cell. */
function stepCell(pass: Pass, time: number): void {
  const { runtime, shard, weights, at, shape, gates } = pass;
  const { kernels } = runtime;
  const { columns } = shape;
  const { first, count } = pass.timeSteps[time];
  const own = bytesOf(first * columns);
  if (time > 0) {
    const before = bytesOf(pass.timeSteps[time - 1].first * columns);
    runtime.copy(shard.states + before, shard.previous + own, count * columns);
    runtime.copy(shard.cells + before, shard.previousCells + own, count * columns);
  }
  const previous = shard.previous + own;
  const sums = shard.gates + bytesOf(first * gates);
  const state = weights + bytesOf(at.state);
  if (shape.isLstm) {
    kernels.addMultiply(previous, state, sums, count, columns, gates);
    const cells = shard.previousCells + own;
    kernels.lstmStep(sums, cells, shard.cells + own, shard.states + own, count, columns);
    return;
  }
  const hiddens = shard.hiddens + bytesOf(first * gates);
  kernels.multiply(previous, state, hiddens, count, columns, gates);
  kernels.addBias(hiddens, count, gates, weights + bytesOf(at.stateBias));
  kernels.gruStep(sums, hiddens, previous, shard.states + own, count, columns);
}

/** Computes states and the scores of all heads. The states that pieces start from are in `previous`, at time 0. */
function forward(pass: Pass): void {
  const { runtime, shard, weights, at, shape, rows, gates, heads, stateDropout, seed } = pass;
  const { kernels } = runtime;
  const { columns } = shape;
  readEvents(pass);
  kernels.multiply(shard.x, weights + bytesOf(at.input), shard.gates, rows, columns, gates);
  kernels.addBias(shard.gates, rows, gates, weights + bytesOf(at.gateBias));
  for (let time = 0; time < pass.times; time++) stepCell(pass, time);
  runtime.copy(shard.states, shard.read, rows * columns);
  kernels.dropout(shard.read, rows * columns, stateDropout, ~seed, 0);
  kernels.multiply(shard.x, weights + bytesOf(at.hiddenInput), shard.hidden, rows, columns, columns);
  kernels.addMultiply(shard.read, weights + bytesOf(at.hiddenState), shard.hidden, rows, columns, columns);
  kernels.addBias(shard.hidden, rows, columns, weights + bytesOf(at.hiddenBias));
  kernels.relu(shard.hidden, rows * columns, shard.hidden);
  kernels.multiply(shard.hidden, weights + bytesOf(at.head), shard.logits, rows, columns, heads);
  kernels.addBias(shard.logits, rows, heads, weights + bytesOf(at.headBias));
}

/** Computes losses from scores; the scores become their gradients, in place. */
function computeLosses({ runtime, shard, rows, share }: Pass): void {
  const { kernels } = runtime;
  kernels.maskedSoftmax(shard.nextJob, rows, share);
  kernels.maskedSoftmax(shard.bucketJob, rows, share);
  kernels.maskedSoftmax(shard.categoryJob, rows, share);
  kernels.maskedSigmoid(shard.flagJob, rows, share);
}

/** Backward pass of one time step of the cell: adds the gradient of the previous state to that of the step before. */
function stepCellBackward(pass: Pass, time: number): void {
  const { runtime, shard, weights, at, shape, gates } = pass;
  const { kernels } = runtime;
  const { columns } = shape;
  const { first, count } = pass.timeSteps[time];
  const own = bytesOf(first * columns);
  const before = time > 0 ? bytesOf(pass.timeSteps[time - 1].first * columns) : 0;
  const sums = shard.gates + bytesOf(first * gates);
  const state = weights + bytesOf(at.state);
  const gradient = shard.gradient + own;
  if (shape.isLstm) {
    const addresses = {
      gates: sums,
      previous: shard.previousCells + own,
      cell: shard.cells + own,
      gradient,
      cellGradient: shard.cellGradient + own,
    };
    writeLstmJob(addresses, runtime.words(shard.lstmJob, 8));
    kernels.lstmStepBackward(shard.lstmJob, count, columns);
    if (time === 0) return;
    kernels.addMultiplyTransposed(sums, state, shard.gradient + before, count, gates, columns);
    kernels.addInto(shard.cellGradient + own, count * columns, shard.cellGradient + before);
    return;
  }
  const hiddens = shard.hiddens + bytesOf(first * gates);
  kernels.gruStepBackward(sums, hiddens, shard.previous + own, gradient, count, columns);
  if (time === 0) return;
  kernels.addMultiplyTransposed(hiddens, state, gradient, count, gates, columns);
  kernels.addInto(gradient, count * columns, shard.gradient + before);
}

/** Gradients of the parameters that events are read with. `lookup` holds the gradient of x. */
function readEventsBackward({ runtime, shard, at, shape, rows, capacity, inputDropout, seed }: Pass): void {
  const { kernels } = runtime;
  const { columns } = shape;
  const gradientOf = (place: number): number => shard.weightGradient + bytesOf(place);
  kernels.dropout(shard.lookup, rows * columns, inputDropout, seed, 0);
  kernels.reluBackward(shard.x, rows * columns, shard.lookup);
  kernels.addTransposedMultiply(shard.dense, shard.lookup, gradientOf(at.dense), denseCount, rows, columns);
  kernels.addColumnSums(shard.lookup, rows, columns, gradientOf(at.inputBias));
  for (let field = 0; field < indexCount; field++) {
    const indices = shard.indices + bytesOf(field * capacity);
    kernels.scatterAddRows(shard.lookup, indices, rows, columns, 1, gradientOf(at.table));
  }
}

/** Gradients of the heads and the layer before them; `lookup` ← gradient of x, `gradient` ← that of the states. */
function headsBackward({ runtime, shard, weights, at, shape, rows, heads }: Pass): void {
  const { kernels } = runtime;
  const { columns } = shape;
  const { logits, hidden, hiddenGradient } = shard;
  const weight = (place: number): number => weights + bytesOf(place);
  const gradientOf = (place: number): number => shard.weightGradient + bytesOf(place);
  kernels.addTransposedMultiply(hidden, logits, gradientOf(at.head), columns, rows, heads);
  kernels.addColumnSums(logits, rows, heads, gradientOf(at.headBias));
  kernels.multiplyTransposed(logits, weight(at.head), hiddenGradient, rows, heads, columns);
  kernels.reluBackward(hidden, rows * columns, hiddenGradient);
  kernels.addTransposedMultiply(shard.x, hiddenGradient, gradientOf(at.hiddenInput), columns, rows, columns);
  kernels.addTransposedMultiply(
    shard.read,
    hiddenGradient,
    gradientOf(at.hiddenState),
    columns,
    rows,
    columns,
  );
  kernels.addColumnSums(hiddenGradient, rows, columns, gradientOf(at.hiddenBias));
  kernels.multiplyTransposed(hiddenGradient, weight(at.hiddenInput), shard.lookup, rows, columns, columns);
  kernels.multiplyTransposed(hiddenGradient, weight(at.hiddenState), shard.gradient, rows, columns, columns);
}

/** Adds the gradients of all weights; those of the scores are in `logits`. */
function backward(pass: Pass): void {
  const { runtime, shard, weights, at, shape, rows, gates, stateDropout, seed } = pass;
  const { kernels } = runtime;
  const { columns } = shape;
  const weight = (place: number): number => weights + bytesOf(place);
  const gradientOf = (place: number): number => shard.weightGradient + bytesOf(place);
  headsBackward(pass);
  kernels.dropout(shard.gradient, rows * columns, stateDropout, ~seed, 0);
  runtime.zero(shard.cellGradient, rows * columns);
  for (let time = pass.times - 1; time >= 0; time--) stepCellBackward(pass, time);
  const fromStates = shape.isLstm ? shard.gates : shard.hiddens;
  kernels.addTransposedMultiply(shard.previous, fromStates, gradientOf(at.state), columns, rows, gates);
  if (!shape.isLstm) kernels.addColumnSums(fromStates, rows, gates, gradientOf(at.stateBias));
  kernels.addColumnSums(shard.gates, rows, gates, gradientOf(at.gateBias));
  kernels.addTransposedMultiply(shard.x, shard.gates, gradientOf(at.input), columns, rows, gates);
  kernels.addMultiplyTransposed(shard.gates, weight(at.input), shard.lookup, rows, gates, columns);
  readEventsBackward(pass);
}

/** Forward pass only: leaves states and scores. */
export const forwardPass = (runtime: Runtime, job: PassJob): void => forward(passOf(runtime, job));

/** Forward pass and losses: leaves losses and states. The gradients of the losses replace the scores. */
export function lossPass(runtime: Runtime, job: PassJob): void {
  if (job.rows === 0) return;
  const pass = passOf(runtime, job);
  forward(pass);
  computeLosses(pass);
}

/** Forward and backward pass: leaves losses, states, and the gradients of the weights, from zeros. */
export function gradientPass(runtime: Runtime, job: PassJob): void {
  runtime.zero(job.shard.weightGradient, weightPlaces(job.shape).length);
  if (job.rows === 0) return;
  const pass = passOf(runtime, job);
  forward(pass);
  computeLosses(pass);
  backward(pass);
}
