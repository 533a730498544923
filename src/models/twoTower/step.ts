// One step of training: a batch of histories, their next products, and negatives that all of them share.
//
//   u = h + relu(h·W + b)·V                      user tower over the pooled history (towers.ts)
//   score = cos(u, y)/τ
//   loss = mean over examples of the sampled softmax with logQ correction (src/numeric/network/losses.ts)

import type { Network } from './network';
import {
  itemLogit,
  itemLogitBackward,
  normalizeRows,
  normalizeRowsBackward,
  poolHistory,
  poolHistoryBackward,
  readProduct,
} from './towers';

const rowOf = (rows: Float32Array, row: number, columns: number): Float32Array =>
  rows.subarray(row * columns, (row + 1) * columns);

const poolingOf = ({ batch, buffers }: Network, example: number) => ({
  items: buffers.items,
  logits: buffers.itemLogits,
  places: batch.places.subarray(batch.offsets[example], batch.offsets[example + 1]),
  shares: buffers.shares.subarray(batch.offsets[example], batch.offsets[example + 1]),
});

/** Copies items to `out`, scaled to length 1. */
function gatherNormal(network: Network, items: Uint32Array, out: Float32Array, inverses: Float32Array): void {
  const { columns } = network.shape;
  for (const [place, item] of items.entries())
    out.set(rowOf(network.buffers.items, item, columns), place * columns);
  normalizeRows(out.subarray(0, items.length * columns), columns, 1, inverses);
}

/** Computes the towers of a batch: users (of length 1/τ), targets and negatives (of length 1). */
function readBatch(network: Network): void {
  const { batch, buffers, kernels, parameters, features, shape } = network;
  const { columns } = shape;
  for (let item = 0; item < batch.itemCount; item++) {
    const out = rowOf(buffers.items, item, columns);
    readProduct(parameters, features, batch.items[item], batch.hasOwn[item] === 1, out);
    buffers.itemLogits[item] = itemLogit(out, parameters.query);
  }
  for (let example = 0; example < batch.size; example++) {
    poolHistory(parameters.age, poolingOf(network, example), rowOf(buffers.history, example, columns));
  }
  const { history, active, users } = buffers;
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
  normalizeRows(users.subarray(0, size * columns), columns, 1 / network.temperature, buffers.userInverses);
  gatherNormal(network, batch.targetItems.subarray(0, size), buffers.targets, buffers.targetInverses);
  gatherNormal(network, batch.negativeItems, buffers.negatives, buffers.negativeInverses);
}

/** Returns the mean loss of the batch. The gradients of the scores replace the scores. */
function scoreBatch({ batch, buffers, kernels, shape }: Network): number {
  const { users, targets, negatives, logits, positives, losses, job } = buffers;
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

/** Computes the gradients of items and users from those of the scores. */
function scoreBackward(network: Network): void {
  const { batch, buffers, kernels, shape, temperature } = network;
  const { columns } = shape;
  const { users, targets, negatives, logits, positives } = buffers;
  const [size, count] = [batch.size, negatives.length / columns];
  const { userGradient, targetGradient, negativeGradient } = buffers;
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
  normalizeRowsBackward(used(users), columns, 1 / temperature, buffers.userInverses, userGradient);
  normalizeRowsBackward(used(targets), columns, 1, buffers.targetInverses, targetGradient);
  normalizeRowsBackward(negatives, columns, 1, buffers.negativeInverses, negativeGradient);
  buffers.itemGradients.fill(0, 0, batch.itemCount * columns);
  scatterAdd(batch.targetItems.subarray(0, size), targetGradient, columns, buffers.itemGradients);
  scatterAdd(batch.negativeItems, negativeGradient, columns, buffers.itemGradients);
}

function scatterAdd(items: Uint32Array, rows: Float32Array, columns: number, out: Float32Array): void {
  for (const [place, item] of items.entries()) {
    for (let k = 0; k < columns; k++) out[item * columns + k] += rows[place * columns + k];
  }
}

/** Computes the gradients of the user tower and of histories from those of users. */
function userBackward(network: Network): void {
  const { batch, buffers, kernels, shape, parameters } = network;
  const gradients = network.gradients.tables;
  const [size, d] = [batch.size, shape.columns];
  const { history, active, activeGradient, userGradient, historyGradient } = buffers;
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

/** Lists the row of an item's embedding, if it has its own. Its gradient is then that of the item, otherwise zeros. */
function writeIdRow({ batch, buffers, gradients, shape }: Network, item: number): void {
  const { columns } = shape;
  const { idStarts, ids } = gradients;
  const hasOwn = batch.hasOwn[item];
  if (hasOwn === 1) ids[idStarts[item]] = batch.items[item];
  else buffers.itemGradients.fill(0, item * columns, (item + 1) * columns);
  idStarts[item + 1] = idStarts[item] + hasOwn;
}

/** Lists the rows of an item's features. The gradient of each is that of the item over their number. */
function writeFeatureRows({ batch, buffers, gradients, features, shape }: Network, item: number): void {
  const { columns } = shape;
  const { featureStarts } = gradients;
  const row = batch.items[item];
  const [begin, end] = [features.offsets[row], features.offsets[row + 1]];
  let entry = featureStarts[item];
  for (let feature = begin; feature < end; feature++) gradients.features[entry++] = features.rows[feature];
  featureStarts[item + 1] = entry;
  const share = end > begin ? 1 / (end - begin) : 0;
  for (let k = item * columns; k < (item + 1) * columns; k++)
    buffers.featureGradients[k] = share * buffers.itemGradients[k];
}

/** Computes the gradients of attention and of the tables of ids and features from those of histories and items. */
function itemsBackward(network: Network): void {
  const { batch, buffers, parameters, gradients, shape } = network;
  const { columns } = shape;
  const { age, query } = gradients.tables;
  const poolGradients = { items: buffers.itemGradients, logits: buffers.itemLogitGradients, age };
  buffers.itemLogitGradients.fill(0, 0, batch.itemCount);
  for (let example = 0; example < batch.size; example++) {
    const gradient = rowOf(buffers.historyGradient, example, columns);
    poolHistoryBackward(poolingOf(network, example), gradient, poolGradients, buffers.dots);
  }
  for (let item = 0; item < batch.itemCount; item++) {
    const own = rowOf(buffers.items, item, columns);
    const gradient = rowOf(buffers.itemGradients, item, columns);
    itemLogitBackward(buffers.itemLogitGradients[item], own, parameters.query, gradient, query);
    if (shape.buckets > 0) writeFeatureRows(network, item);
    writeIdRow(network, item);
  }
  gradients.count[0] = batch.itemCount;
}

/** Returns the mean loss of the batch. */
export function lossOfBatch(network: Network): number {
  readBatch(network);
  return scoreBatch(network);
}

/** Computes the gradients of the batch, from zeros. Returns its mean loss. */
export function computeGradients(network: Network): number {
  network.gradients.dense.fill(0);
  const loss = lossOfBatch(network);
  scoreBackward(network);
  userBackward(network);
  itemsBackward(network);
  return loss;
}
