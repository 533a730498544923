// The network forwards and backwards over one shard: packed pieces, time step by time step, so that each product of
// matrices is over all pieces that are still going. Everything is reached by address, so that the same words run in
// WebAssembly, plainly, and in double precision (for the test of gradients).

import { writeLstmJob } from '../../../numeric/network/jobs';
import type { NetworkKernels } from '../../../numeric/wasm/networkKernels';
import { denseCount, gateCount, headPlaces, indexCount, type NetworkShape, weightPlaces } from './shape';
import type { ShardAddresses } from './workspace';

/** What runs a pass: kernels over a memory, and that memory. */
export interface Machine {
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
  readonly shard: ShardAddresses;
  /** Rows for which there is room in the shard. */
  readonly capacity: number;
  /** Time steps: the length of its longest piece. */
  readonly times: number;
  readonly rows: number;
  readonly inputDropout: number;
  readonly stateDropout: number;
  readonly seed: number;
  /** Times the gradient. */
  readonly share: number;
}

const bytesOf = (numbers: number): number => 4 * numbers;

/** A pass with its addresses worked out. */
interface Pass extends PassJob {
  readonly machine: Machine;
  readonly gates: number;
  readonly heads: number;
  readonly at: ReturnType<typeof weightPlaces>;
  readonly moments: readonly { readonly first: number; readonly count: number }[];
}

function passOf(machine: Machine, job: PassJob): Pass {
  const offsets = machine.words(job.shard.timeOffsets, job.times + 1);
  const weightAt = weightPlaces(job.shape);
  return {
    ...job,
    machine,
    gates: gateCount(job.shape) * job.shape.columns,
    heads: headPlaces(job.shape).length,
    at: weightAt,
    moments: Array.from({ length: job.times }, (_, time) => ({
      first: offsets[time],
      count: offsets[time + 1] - offsets[time],
    })),
  };
}

/** Events → x: rows looked up and numbers through a layer, rectified. */
function readEvents({ machine, shard, weights, at, shape, rows, capacity, inputDropout, seed }: Pass): void {
  const { kernels } = machine;
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
  const { machine, shard, weights, at, shape, gates } = pass;
  const { kernels } = machine;
  const { columns } = shape;
  const { first, count } = pass.moments[time];
  const own = bytesOf(first * columns);
  if (time > 0) {
    const before = bytesOf(pass.moments[time - 1].first * columns);
    machine.copy(shard.states + before, shard.previous + own, count * columns);
    machine.copy(shard.cells + before, shard.previousCells + own, count * columns);
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

/** Events → states → scores of all that is foretold. The states that pieces start from are in `previous`, at time 0. */
function forward(pass: Pass): void {
  const { machine, shard, weights, at, shape, rows, gates, heads, stateDropout, seed } = pass;
  const { kernels } = machine;
  const { columns } = shape;
  readEvents(pass);
  kernels.multiply(shard.x, weights + bytesOf(at.input), shard.gates, rows, columns, gates);
  kernels.addBias(shard.gates, rows, gates, weights + bytesOf(at.gateBias));
  for (let time = 0; time < pass.times; time++) stepCell(pass, time);
  machine.copy(shard.states, shard.read, rows * columns);
  kernels.dropout(shard.read, rows * columns, stateDropout, ~seed, 0);
  kernels.multiply(shard.x, weights + bytesOf(at.hiddenInput), shard.hidden, rows, columns, columns);
  kernels.addMultiply(shard.read, weights + bytesOf(at.hiddenState), shard.hidden, rows, columns, columns);
  kernels.addBias(shard.hidden, rows, columns, weights + bytesOf(at.hiddenBias));
  kernels.relu(shard.hidden, rows * columns, shard.hidden);
  kernels.multiply(shard.hidden, weights + bytesOf(at.head), shard.logits, rows, columns, heads);
  kernels.addBias(shard.logits, rows, heads, weights + bytesOf(at.headBias));
}

/** Scores → losses and their gradients, in place. */
function judge({ machine, shard, rows, share }: Pass): void {
  const { kernels } = machine;
  kernels.maskedSoftmax(shard.nextJob, rows, share);
  kernels.maskedSoftmax(shard.bucketJob, rows, share);
  kernels.maskedSoftmax(shard.categoryJob, rows, share);
  kernels.maskedSigmoid(shard.flagJob, rows, share);
}

/** One time step of the cell backwards: what goes to the state before is added to the gradient of the step before. */
function stepCellBack(pass: Pass, time: number): void {
  const { machine, shard, weights, at, shape, gates } = pass;
  const { kernels } = machine;
  const { columns } = shape;
  const { first, count } = pass.moments[time];
  const own = bytesOf(first * columns);
  const before = time > 0 ? bytesOf(pass.moments[time - 1].first * columns) : 0;
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
    writeLstmJob(addresses, machine.words(shard.lstmJob, 8));
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

/** Gradients of what events are read by. `lookup` holds the gradient of x. */
function readEventsBack({ machine, shard, at, shape, rows, capacity, inputDropout, seed }: Pass): void {
  const { kernels } = machine;
  const { columns } = shape;
  const slope = (place: number): number => shard.weightGradient + bytesOf(place);
  kernels.dropout(shard.lookup, rows * columns, inputDropout, seed, 0);
  kernels.reluBackward(shard.x, rows * columns, shard.lookup);
  kernels.addTransposedMultiply(shard.dense, shard.lookup, slope(at.dense), denseCount, rows, columns);
  kernels.addColumnSums(shard.lookup, rows, columns, slope(at.inputBias));
  for (let field = 0; field < indexCount; field++) {
    const indices = shard.indices + bytesOf(field * capacity);
    kernels.scatterAddRows(shard.lookup, indices, rows, columns, 1, slope(at.table));
  }
}

/** Gradients of the heads and the layer before them: `lookup` ← gradient of x, `gradient` ← that of the states read. */
function headsBack({ machine, shard, weights, at, shape, rows, heads }: Pass): void {
  const { kernels } = machine;
  const { columns } = shape;
  const { logits, hidden, hiddenGradient: back } = shard;
  const weight = (place: number): number => weights + bytesOf(place);
  const slope = (place: number): number => shard.weightGradient + bytesOf(place);
  kernels.addTransposedMultiply(hidden, logits, slope(at.head), columns, rows, heads);
  kernels.addColumnSums(logits, rows, heads, slope(at.headBias));
  kernels.multiplyTransposed(logits, weight(at.head), back, rows, heads, columns);
  kernels.reluBackward(hidden, rows * columns, back);
  kernels.addTransposedMultiply(shard.x, back, slope(at.hiddenInput), columns, rows, columns);
  kernels.addTransposedMultiply(shard.read, back, slope(at.hiddenState), columns, rows, columns);
  kernels.addColumnSums(back, rows, columns, slope(at.hiddenBias));
  kernels.multiplyTransposed(back, weight(at.hiddenInput), shard.lookup, rows, columns, columns);
  kernels.multiplyTransposed(back, weight(at.hiddenState), shard.gradient, rows, columns, columns);
}

/** Gradients of all weights, added; the losses' are in `logits`. */
function backward(pass: Pass): void {
  const { machine, shard, weights, at, shape, rows, gates, stateDropout, seed } = pass;
  const { kernels } = machine;
  const { columns } = shape;
  const weight = (place: number): number => weights + bytesOf(place);
  const slope = (place: number): number => shard.weightGradient + bytesOf(place);
  headsBack(pass);
  kernels.dropout(shard.gradient, rows * columns, stateDropout, ~seed, 0);
  machine.zero(shard.cellGradient, rows * columns);
  for (let time = pass.times - 1; time >= 0; time--) stepCellBack(pass, time);
  const fromStates = shape.isLstm ? shard.gates : shard.hiddens;
  kernels.addTransposedMultiply(shard.previous, fromStates, slope(at.state), columns, rows, gates);
  if (!shape.isLstm) kernels.addColumnSums(fromStates, rows, gates, slope(at.stateBias));
  kernels.addColumnSums(shard.gates, rows, gates, slope(at.gateBias));
  kernels.addTransposedMultiply(shard.x, shard.gates, slope(at.input), columns, rows, gates);
  kernels.addMultiplyTransposed(shard.gates, weight(at.input), shard.lookup, rows, gates, columns);
  readEventsBack(pass);
}

/** Forward only: final states and scores. */
export const forwardPass = (machine: Machine, job: PassJob): void => forward(passOf(machine, job));

/** Forward only: losses and final states. The gradients of the losses replace the scores. */
export function measurePass(machine: Machine, job: PassJob): void {
  if (job.rows === 0) return;
  const pass = passOf(machine, job);
  forward(pass);
  judge(pass);
}

/** Losses, final states, and the gradient of the weights, from zeros. */
export function learnPass(machine: Machine, job: PassJob): void {
  machine.zero(job.shard.weightGradient, weightPlaces(job.shape).length);
  if (job.rows === 0) return;
  const pass = passOf(machine, job);
  forward(pass);
  judge(pass);
  backward(pass);
}
