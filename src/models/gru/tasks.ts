import type { ThreadPayload, ThreadTask } from '../../numeric/threadPool';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import { shardKernels } from '../../numeric/wasm/shardKernels';
import { lossRows, type ShardWorkspace, shardCount, type Workspace, weightPlaces } from './workspace';

/** Byte addresses of arrays, by their names. */
type Addresses<D> = {
  readonly [Name in keyof D as D[Name] extends Float32Array | Uint32Array ? Name : never]: number;
};

/** Addresses of the arrays of a workspace. */
export type WorkspaceAddresses = Addresses<Workspace>;
/** Addresses of the arrays of a shard's workspace. */
export type ShardAddresses = Addresses<ShardWorkspace>;

/** What every task is told. */
interface Payload {
  readonly memory: WebAssembly.Memory;
  readonly workspace: WorkspaceAddresses;
  readonly columns: number;
  readonly negatives: number;
  /** Distinct products of the batch. */
  readonly products: number;
}

/** The gradients of one shard. */
export interface LearnPayload extends Payload {
  readonly shard: ShardAddresses;
  /** Time steps: the length of its longest sequence. */
  readonly times: number;
  readonly rows: number;
  readonly inputDropout: number;
  readonly stateDropout: number;
  readonly seed: number;
  readonly scale: number;
  /** 1 / steps of the whole batch. */
  readonly share: number;
}

/** One part of the step of Adam. */
export interface UpdatePayload extends Payload {
  readonly shards: readonly ShardAddresses[];
  /** 0 … shardCount - 1 */
  readonly part: number;
}

const bytesOf = (floats: number): number => 4 * floats;

/** Runs `work` with the first row and the number of rows of each time step. */
function timesOf({
  memory,
  shard,
  times,
}: LearnPayload): readonly { readonly first: number; readonly count: number }[] {
  const offsets = new Uint32Array(memory.buffer, shard.timeOffsets, times + 1);
  return Array.from({ length: times }, (_, time) => ({
    first: offsets[time],
    count: offsets[time + 1] - offsets[time],
  }));
}

/** Products read → states, one time step after the other. */
function forward(kernels: NetworkKernels, payload: LearnPayload): void {
  const { shard, workspace, columns, rows, inputDropout, stateDropout, seed } = payload;
  const places = weightPlaces(columns);
  const weight = (place: number): number => workspace.weights + bytesOf(place);
  kernels.gatherRows(workspace.units, shard.inputs, rows, columns, Math.sqrt(columns), shard.x);
  kernels.dropout(shard.x, rows * columns, inputDropout, seed, 0);
  kernels.multiply(shard.x, weight(places.input), shard.fromInputs, rows, columns, 3 * columns);
  kernels.addBias(shard.fromInputs, rows, 3 * columns, weight(places.inputBias));
  let previous = shard.zeros;
  for (const { first, count } of timesOf(payload)) {
    const fromStates = shard.fromStates + bytesOf(first * 3 * columns);
    const fromInputs = shard.fromInputs + bytesOf(first * 3 * columns);
    const states = shard.states + bytesOf(first * columns);
    kernels.multiply(previous, weight(places.state), fromStates, count, columns, 3 * columns);
    kernels.addBias(fromStates, count, 3 * columns, weight(places.stateBias));
    kernels.gruStep(fromInputs, fromStates, previous, states, count, columns);
    previous = states;
  }
  const { buffer } = payload.memory;
  new Float32Array(buffer, shard.queries, rows * columns).set(
    new Float32Array(buffer, shard.states, rows * columns),
  );
  kernels.dropout(shard.queries, rows * columns, stateDropout, ~seed, 0);
  kernels.unitRows(shard.queries, rows, columns, shard.queryLengths);
}

/** States → loss, and the gradient of the states; adds those of targets and negatives. */
function learnTargets(kernels: NetworkKernels, payload: LearnPayload): void {
  const { memory, shard, workspace, columns, negatives, rows, scale, share } = payload;
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

/** Back through time: adds the gradients of the unit's weights and of the products read. */
function backward(kernels: NetworkKernels, payload: LearnPayload): void {
  const { shard, workspace, columns, rows, inputDropout, stateDropout, seed } = payload;
  const places = weightPlaces(columns);
  const weight = (place: number): number => workspace.weights + bytesOf(place);
  const slope = (place: number): number => shard.weightGradient + bytesOf(place);
  kernels.unitRowsBackward(shard.queries, shard.queryLengths, rows, columns, shard.gradient);
  kernels.dropout(shard.gradient, rows * columns, stateDropout, ~seed, 0);
  const times = timesOf(payload);
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
    kernels.addTransposedMultiply(previous, fromStates, slope(places.state), columns, count, 3 * columns);
  }
  kernels.addColumnSums(shard.fromStates, rows, 3 * columns, slope(places.stateBias));
  kernels.addColumnSums(shard.fromInputs, rows, 3 * columns, slope(places.inputBias));
  kernels.addTransposedMultiply(shard.x, shard.fromInputs, slope(places.input), columns, rows, 3 * columns);
  kernels.multiplyTransposed(shard.fromInputs, weight(places.input), shard.x, rows, 3 * columns, columns);
  kernels.dropout(shard.x, rows * columns, inputDropout, seed, 0);
  kernels.scatterAddRows(shard.x, shard.inputs, rows, columns, Math.sqrt(columns), shard.productGradient);
}

/** The gradients of one shard, from zeros. */
function learn(payload: LearnPayload): void {
  const { memory, shard, columns, negatives, products, rows } = payload;
  const zero = (address: number, length: number): unknown =>
    new Float32Array(memory.buffer, address, length).fill(0);
  zero(shard.productGradient, products * columns);
  zero(shard.negativeGradient, negatives * columns);
  zero(shard.weightGradient, weightPlaces(columns).length);
  if (rows === 0) return;
  const kernels = shardKernels(memory, shard.scratch);
  forward(kernels, payload);
  learnTargets(kernels, payload);
  backward(kernels, payload);
}

/** First and last + 1 of `length` things that one part takes care of: multiples of 8. */
function partBounds(length: number, part: number): readonly [number, number] {
  const size = 8 * Math.ceil(length / (8 * shardCount));
  return [Math.min(part * size, length), Math.min((part + 1) * size, length)];
}

/** Adds the shards' gradients up and takes the step, for one part of the batch's products and of the weights. */
function update(payload: UpdatePayload): void {
  const { memory, workspace, shards, columns, products, part } = payload;
  const kernels = shardKernels(memory, shards[part].scratch);
  const [own, ...others] = shards;
  const [first, last] = partBounds(products, part);
  const at = bytesOf(first * columns);
  const gradient = own.productGradient + at;
  for (const other of others) kernels.addInto(other.productGradient + at, (last - first) * columns, gradient);
  const lengths = workspace.unitLengths + bytesOf(first);
  kernels.unitRowsBackward(workspace.units + at, lengths, last - first, columns, gradient);
  const rows = new Uint32Array(memory.buffer, workspace.batchProducts, products);
  for (let place = first; place < last; place++) {
    const row = bytesOf(rows[place] * columns);
    const slope = own.productGradient + bytesOf(place * columns);
    kernels.adam(
      workspace.embeddings + row,
      slope,
      workspace.embeddingMoments + 2 * row,
      columns,
      workspace.adamSettings,
    );
  }
  const [from, to] = partBounds(weightPlaces(columns).length, part);
  const weightAt = bytesOf(from);
  const slope = own.weightGradient + weightAt;
  for (const other of others) kernels.addInto(other.weightGradient + weightAt, to - from, slope);
  const moments = workspace.weightMoments + 2 * weightAt;
  kernels.adam(workspace.weights + weightAt, slope, moments, to - from, workspace.adamSettings);
}

/** A task of payloads of one kind. Only train.ts posts to it, and it posts that kind. */
const taskOf =
  <P extends Payload>(work: (payload: P) => void): ThreadTask =>
  (payload: ThreadPayload) =>
    work(payload as unknown as P);

/** What training runs on the threads of a pool. */
export const gruTasks = {
  'gru.learn': taskOf(learn),
  'gru.update': taskOf(update),
} as const satisfies Record<string, ThreadTask>;
