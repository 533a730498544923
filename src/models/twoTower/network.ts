// One step of training: a batch of histories, their next products, and negatives that all of them share.
//
//   u = h + relu(h·W + b)·V                      user tower over the pooled history (towers.ts)
//   score = cos(u, y)/τ
//   loss = mean over examples of the sampled softmax with logQ correction (losses.ts)

import { lossJobLength, writeLossJob } from '../../numeric/network/jobs';
import type { Arena } from '../../numeric/wasm/arena';
import { type NetworkKernels, productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import type { ProductFeatures } from './features';
import { type Shape, type Tables, tablesOf } from './parameters';
import {
  heardBackward,
  heardOf,
  normalizeRows,
  normalizeRowsBackward,
  poolHistory,
  poolHistoryBackward,
  readProduct,
  readProductBackward,
} from './towers';

/** What a step learns from; the same object is filled again for every step. */
export interface Batch {
  /** Examples in it, at most the batch size. */
  size: number;
  /** Distinct products in it: histories, targets and negatives. */
  itemCount: number;
  /** Product row of each item. */
  readonly items: Uint32Array;
  /** 1 for an item that has its own numbers, 0 for one that must do with its features. */
  readonly hasOwn: Uint8Array;
  /** History of example b: places [offsets[b], offsets[b + 1]), oldest first. */
  readonly offsets: Uint32Array;
  /** Items. */
  readonly places: Uint32Array;
  /** Item of each target. */
  readonly targetItems: Uint32Array;
  /** Item of each negative. */
  readonly negativeItems: Uint32Array;
}

/** Sizes of batches. */
export interface BatchShape {
  readonly batchSize: number;
  readonly negatives: number;
  readonly historyLength: number;
}

/** Everything a step works with, made once. */
export interface Network {
  readonly shape: Shape;
  readonly temperature: number;
  readonly features: ProductFeatures;
  readonly kernels: NetworkKernels;
  readonly parameters: Tables;
  /** Of the parameters: zeros before a step; of ids and features only rows of the batch are touched. */
  readonly gradients: Tables;
  readonly batch: Batch;
  /** Product rows of targets and negatives, and the log of how often a negative is expected: for the loss. */
  readonly targets: Uint32Array;
  readonly negatives: Uint32Array;
  readonly corrections: Float32Array;
  readonly room: Room;
}

/** Values and gradients on the way. */
interface Room {
  readonly items: Float32Array;
  readonly itemGradients: Float32Array;
  readonly heard: Float32Array;
  readonly heardGradients: Float32Array;
  readonly shares: Float32Array;
  readonly dots: Float32Array;
  readonly history: Float32Array;
  readonly historyGradient: Float32Array;
  readonly active: Float32Array;
  readonly activeGradient: Float32Array;
  readonly users: Float32Array;
  readonly userGradient: Float32Array;
  readonly userInverses: Float32Array;
  readonly targets: Float32Array;
  readonly targetGradient: Float32Array;
  readonly targetInverses: Float32Array;
  readonly negatives: Float32Array;
  readonly negativeGradient: Float32Array;
  readonly negativeInverses: Float32Array;
  readonly logits: Float32Array;
  readonly positives: Float32Array;
  readonly losses: Float32Array;
  readonly job: Uint32Array;
}

function roomOf(arena: Arena, { batchSize, negatives, historyLength }: BatchShape, columns: number): Room {
  const itemsAtMost = batchSize * (historyLength + 1) + negatives;
  const matrix = (rows: number): Float32Array => arena.float32(rows * columns);
  return {
    items: matrix(itemsAtMost),
    itemGradients: matrix(itemsAtMost),
    heard: new Float32Array(itemsAtMost),
    heardGradients: new Float32Array(itemsAtMost),
    shares: new Float32Array(batchSize * historyLength),
    dots: new Float32Array(historyLength),
    history: matrix(batchSize),
    historyGradient: matrix(batchSize),
    active: matrix(batchSize),
    activeGradient: matrix(batchSize),
    users: matrix(batchSize),
    userGradient: matrix(batchSize),
    userInverses: new Float32Array(batchSize),
    targets: matrix(batchSize),
    targetGradient: matrix(batchSize),
    targetInverses: new Float32Array(batchSize),
    negatives: matrix(negatives),
    negativeGradient: matrix(negatives),
    negativeInverses: new Float32Array(negatives),
    logits: arena.float32(batchSize * negatives),
    positives: arena.float32(batchSize),
    losses: arena.float32(batchSize),
    job: arena.uint32(lossJobLength),
  };
}

/** What a network is made of. */
export interface NetworkPlan {
  readonly shape: Shape;
  readonly batchShape: BatchShape;
  readonly temperature: number;
  readonly features: ProductFeatures;
}

/** A network with parameters of zeros. */
export function networkOf(arena: Arena, { shape, batchShape, temperature, features }: NetworkPlan): Network {
  const { batchSize, negatives, historyLength } = batchShape;
  const itemsAtMost = batchSize * (historyLength + 1) + negatives;
  const network = {
    shape,
    temperature,
    features,
    kernels: networkKernelsOver(arena.memory, arena.float32(productScratchLength).byteOffset),
    parameters: tablesOf(arena, shape, 1),
    gradients: tablesOf(arena, shape, 1),
    batch: {
      size: 0,
      itemCount: 0,
      items: new Uint32Array(itemsAtMost),
      hasOwn: new Uint8Array(itemsAtMost),
      offsets: new Uint32Array(batchSize + 1),
      places: new Uint32Array(batchSize * historyLength),
      targetItems: new Uint32Array(batchSize),
      negativeItems: new Uint32Array(negatives),
    },
    targets: arena.uint32(batchSize),
    negatives: arena.uint32(negatives),
    corrections: arena.float32(negatives),
    room: roomOf(arena, batchShape, shape.columns),
  };
  writeLossJob({ ...network, ...lossArrays(network.room) }, network.room.job);
  return network;
}

const lossArrays = ({ logits, positives, losses }: Room) => ({ logits, positives, losses });

const rowOf = (rows: Float32Array, row: number, columns: number): Float32Array =>
  rows.subarray(row * columns, (row + 1) * columns);

const poolingOf = ({ batch, room }: Network, example: number) => ({
  items: room.items,
  heard: room.heard,
  places: batch.places.subarray(batch.offsets[example], batch.offsets[example + 1]),
  shares: room.shares.subarray(batch.offsets[example], batch.offsets[example + 1]),
});

/** Copies items to where they are normalised. */
function gatherNormal(network: Network, items: Uint32Array, out: Float32Array, inverses: Float32Array): void {
  const { columns } = network.shape;
  for (const [place, item] of items.entries())
    out.set(rowOf(network.room.items, item, columns), place * columns);
  normalizeRows(out.subarray(0, items.length * columns), columns, 1, inverses);
}

/** The towers of a batch: users (of length 1/τ), targets and negatives (of length 1). */
function readBatch(network: Network): void {
  const { batch, room, kernels, parameters, features, shape } = network;
  const { columns } = shape;
  for (let item = 0; item < batch.itemCount; item++) {
    const out = rowOf(room.items, item, columns);
    readProduct(parameters, features, batch.items[item], batch.hasOwn[item] === 1, out);
    room.heard[item] = heardOf(out, parameters.query);
  }
  for (let example = 0; example < batch.size; example++) {
    poolHistory(parameters.age, poolingOf(network, example), rowOf(room.history, example, columns));
  }
  const { history, active, users } = room;
  const { size } = batch;
  kernels.multiply(
    history.byteOffset,
    parameters.hidden.byteOffset,
    active.byteOffset,
    size,
    columns,
    columns,
  );
  kernels.addBias(active.byteOffset, size, columns, parameters.bias.byteOffset);
  kernels.relu(active.byteOffset, size * columns, active.byteOffset);
  users.set(history.subarray(0, size * columns));
  kernels.addMultiply(active.byteOffset, parameters.out.byteOffset, users.byteOffset, size, columns, columns);
  normalizeRows(users.subarray(0, size * columns), columns, 1 / network.temperature, room.userInverses);
  gatherNormal(network, batch.targetItems.subarray(0, size), room.targets, room.targetInverses);
  gatherNormal(network, batch.negativeItems, room.negatives, room.negativeInverses);
}

/** Mean loss of the batch; leaves the gradients of the scores where the scores were. */
function scoreBatch({ batch, room, kernels, shape }: Network): number {
  const { users, targets, negatives, logits, positives, losses, job } = room;
  const [columns, count] = [shape.columns, batch.negativeItems.length];
  kernels.multiplyTransposed(
    users.byteOffset,
    negatives.byteOffset,
    logits.byteOffset,
    batch.size,
    columns,
    count,
  );
  kernels.rowDots(users.byteOffset, targets.byteOffset, batch.size, columns, positives.byteOffset);
  kernels.sampledSoftmax(job.byteOffset, batch.size, 1 / batch.size);
  let sum = 0;
  for (let example = 0; example < batch.size; example++) sum += losses[example];
  return sum / batch.size;
}

/** From gradients of scores to those of items and users. */
function scoreBackward(network: Network): void {
  const { batch, room, kernels, shape, temperature } = network;
  const { columns } = shape;
  const { users, targets, negatives, logits, positives } = room;
  const [size, count] = [batch.size, negatives.length / columns];
  const { userGradient, targetGradient, negativeGradient } = room;
  kernels.multiply(logits.byteOffset, negatives.byteOffset, userGradient.byteOffset, size, count, columns);
  kernels.addScaledRows(targets.byteOffset, positives.byteOffset, size, columns, userGradient.byteOffset);
  negativeGradient.fill(0);
  targetGradient.fill(0);
  kernels.addTransposedMultiply(
    logits.byteOffset,
    users.byteOffset,
    negativeGradient.byteOffset,
    count,
    size,
    columns,
  );
  kernels.addScaledRows(users.byteOffset, positives.byteOffset, size, columns, targetGradient.byteOffset);
  const used = (rows: Float32Array): Float32Array => rows.subarray(0, size * columns);
  normalizeRowsBackward(used(users), columns, 1 / temperature, room.userInverses, userGradient);
  normalizeRowsBackward(used(targets), columns, 1, room.targetInverses, targetGradient);
  normalizeRowsBackward(negatives, columns, 1, room.negativeInverses, negativeGradient);
  room.itemGradients.fill(0, 0, batch.itemCount * columns);
  scatterAdd(batch.targetItems.subarray(0, size), targetGradient, columns, room.itemGradients);
  scatterAdd(batch.negativeItems, negativeGradient, columns, room.itemGradients);
}

function scatterAdd(items: Uint32Array, rows: Float32Array, columns: number, out: Float32Array): void {
  for (const [place, item] of items.entries()) {
    for (let k = 0; k < columns; k++) out[item * columns + k] += rows[place * columns + k];
  }
}

/** From gradients of users to those of the user tower and of histories. */
function userBackward({ batch, room, kernels, shape, parameters, gradients }: Network): void {
  const [size, d] = [batch.size, shape.columns];
  const { history, active, activeGradient, userGradient, historyGradient } = room;
  kernels.multiplyTransposed(
    userGradient.byteOffset,
    parameters.out.byteOffset,
    activeGradient.byteOffset,
    size,
    d,
    d,
  );
  kernels.addTransposedMultiply(
    active.byteOffset,
    userGradient.byteOffset,
    gradients.out.byteOffset,
    d,
    size,
    d,
  );
  kernels.reluBackward(active.byteOffset, size * d, activeGradient.byteOffset);
  kernels.addColumnSums(activeGradient.byteOffset, size, d, gradients.bias.byteOffset);
  kernels.addTransposedMultiply(
    history.byteOffset,
    activeGradient.byteOffset,
    gradients.hidden.byteOffset,
    d,
    size,
    d,
  );
  historyGradient.set(userGradient.subarray(0, size * d));
  kernels.addMultiplyTransposed(
    activeGradient.byteOffset,
    parameters.hidden.byteOffset,
    historyGradient.byteOffset,
    size,
    d,
    d,
  );
}

/** From gradients of histories and items to those of the tables. */
function itemsBackward(network: Network): void {
  const { batch, room, parameters, gradients, features, shape } = network;
  const { columns } = shape;
  const poolGradients = { items: room.itemGradients, heard: room.heardGradients, age: gradients.age };
  room.heardGradients.fill(0, 0, batch.itemCount);
  for (let example = 0; example < batch.size; example++) {
    const gradient = rowOf(room.historyGradient, example, columns);
    poolHistoryBackward(poolingOf(network, example), gradient, poolGradients, room.dots);
  }
  for (let item = 0; item < batch.itemCount; item++) {
    const [own, gradient] = [rowOf(room.items, item, columns), rowOf(room.itemGradients, item, columns)];
    heardBackward(room.heardGradients[item], own, parameters.query, gradient, gradients.query);
    readProductBackward(gradients, features, batch.items[item], batch.hasOwn[item] === 1, gradient);
  }
}

/** Mean loss of the batch at hand. */
export function lossOfBatch(network: Network): number {
  readBatch(network);
  return scoreBatch(network);
}

/** Mean loss of the batch at hand; adds its gradients to the network's. */
export function learnBatch(network: Network): number {
  const loss = lossOfBatch(network);
  scoreBackward(network);
  userBackward(network);
  itemsBackward(network);
  return loss;
}
