// Two towers trained with sampled softmax: Yi et al. 2019, "Sampling-bias-corrected neural modeling for large corpus item
// recommendations" (cosines, temperature, logQ), with the negatives of Yang et al. 2020, "Mixed negative sampling for
// learning two-tower neural networks in recommendations": half as often as products are met, half evenly, so that also
// what nobody meets is pushed down. A user is what they liked, so no user has a row; a product is its own numbers and its
// features', and is sometimes shown without the former, as a new one is (Volkovs et al. 2017, "DropoutNet").
//
// Cost of a step: 6·batchSize·negatives·d operations of the softmax, and some 6·d for each product of a history. One
// thread; the same bytes for a seed.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { adamSettingsLength, writeAdamSettings } from '../../numeric/network/adamSettings';
import { paddedColumns } from '../../numeric/paddedColumns';
import { pause } from '../../numeric/pause';
import { createRng, type Rng } from '../../numeric/rng';
import { createArena } from '../../numeric/wasm/arena';
import { countsOf, type Examples, shuffleTies, startsOf, targetsOf } from './examples';
import type { ProductFeatures } from './features';
import { learnBatch, type Network, networkOf } from './network';
import { drawParameters, type Tables, tablesOf } from './parameters';
import type { TwoTowerConfig } from './settings';

/** Steps between two pauses. */
const stepsAtOnce = 8;

/** All that training works with. */
interface TrainingState {
  readonly config: TwoTowerConfig;
  readonly examples: Examples;
  readonly starts: Uint32Array;
  readonly counts: Uint32Array;
  readonly network: Network;
  readonly moments: Tables;
  readonly adamSettings: Float32Array;
  readonly rng: Rng;
  /** Item of a product row in the batch at hand; -1 for none. */
  readonly itemOf: Int32Array;
}

function trainingStateOf(
  examples: Examples,
  features: ProductFeatures,
  config: TwoTowerConfig,
  context: TrainContext,
): TrainingState {
  const products = features.offsets.length - 1;
  const arena = createArena();
  const columns = Math.ceil(paddedColumns(config.rank) / 8) * 8;
  const buckets = features.rows.length > 0 ? config.featureBuckets : 0;
  const shape = { products, buckets, columns };
  const batchShape = { ...config, negatives: Math.ceil(config.negatives / 16) * 16 };
  const network = networkOf(arena, { shape, batchShape, temperature: config.temperature, features });
  const rng = createRng(context.seed);
  drawParameters(network.parameters, columns, rng);
  return {
    config,
    examples,
    starts: startsOf(examples),
    counts: countsOf(examples, products),
    network,
    moments: tablesOf(arena, shape, 2),
    adamSettings: arena.float32(adamSettingsLength),
    rng,
    itemOf: new Int32Array(products).fill(-1),
  };
}

/** Item of a product in the batch, which it enters if it was not there. */
function itemFor({ network, itemOf, config, rng }: TrainingState, row: number): number {
  if (itemOf[row] >= 0) return itemOf[row];
  const { batch, features } = network;
  const item = batch.itemCount++;
  batch.items[item] = row;
  const hasFeatures = features.offsets[row + 1] > features.offsets[row];
  batch.hasOwn[item] = Number(!(hasFeatures && rng.uniform() < config.idDropout));
  itemOf[row] = item;
  return item;
}

/** Draws the negatives of a batch, half by how often products are liked, half evenly. */
function drawNegatives(state: TrainingState): void {
  const { network, examples, counts, rng, itemOf } = state;
  const { negatives, corrections, batch } = network;
  const half = negatives.length / 2;
  for (let at = 0; at < negatives.length; at++) {
    const row = at < half ? examples.products[rng.int(examples.products.length)] : rng.int(itemOf.length);
    negatives[at] = row;
    corrections[at] = Math.log(half * (counts[row] / examples.products.length + 1 / itemOf.length));
    batch.negativeItems[at] = itemFor(state, row);
  }
}

/** Fills the batch with the examples at these places. */
function fillBatch(state: TrainingState, places: Uint32Array): void {
  const { network, examples, starts, config, itemOf } = state;
  const { batch } = network;
  for (let item = 0; item < batch.itemCount; item++) itemOf[batch.items[item]] = -1;
  batch.itemCount = 0;
  batch.size = places.length;
  for (const [example, place] of places.entries()) {
    const start = Math.max(starts[place], place - config.historyLength);
    let end = batch.offsets[example];
    for (let at = start; at < place; at++) batch.places[end++] = itemFor(state, examples.products[at]);
    batch.offsets[example + 1] = end;
    network.targets[example] = examples.products[place];
    batch.targetItems[example] = itemFor(state, examples.products[place]);
  }
  drawNegatives(state);
}

/** One step of Adam on one row of a table, and its gradient back to zeros. */
function stepRow(
  { network, moments, adamSettings }: TrainingState,
  table: 'ids' | 'features',
  row: number,
): void {
  const { parameters, gradients, kernels, shape } = network;
  const { columns } = shape;
  const bytes = 4 * columns * row;
  kernels.adam(
    parameters[table].byteOffset + bytes,
    gradients[table].byteOffset + bytes,
    moments[table].byteOffset + 2 * bytes,
    columns,
    adamSettings.byteOffset,
  );
  gradients[table].fill(0, row * columns, (row + 1) * columns);
}

/** One step of Adam on everything the batch touched. */
function step(state: TrainingState): void {
  const { network, moments, adamSettings } = state;
  const { parameters, gradients, kernels, batch, features } = network;
  for (const name of ['hidden', 'bias', 'out', 'query', 'age'] as const) {
    const [own, gradient] = [parameters[name], gradients[name]];
    const addresses = [own.byteOffset, gradient.byteOffset, moments[name].byteOffset] as const;
    kernels.adam(...addresses, own.length, adamSettings.byteOffset);
    gradient.fill(0);
  }
  const touched = new Set<number>();
  for (let item = 0; item < batch.itemCount; item++) {
    const row = batch.items[item];
    if (batch.hasOwn[item] === 1) stepRow(state, 'ids', row);
    for (let at = features.offsets[row]; at < features.offsets[row + 1]; at++) touched.add(features.rows[at]);
  }
  for (const row of touched) stepRow(state, 'features', row);
}

/**
 * Learns both towers.
 *
 * @returns parameters; own numbers of products that nobody liked are zeros: their features must speak for them
 * @throws {GatewayError} CANCELLED
 */
export async function trainTowers(
  examples: Examples,
  features: ProductFeatures,
  config: TwoTowerConfig,
  context: TrainContext,
): Promise<Tables> {
  checkCancelled(context);
  const state = trainingStateOf(examples, features, config, context);
  const { network, rng, adamSettings, counts } = state;
  const targets = targetsOf(examples);
  const stepsAnEpoch = Math.ceil(targets.length / config.batchSize);
  const steps = stepsAnEpoch * config.epochs;
  for (let done = 0; done < steps; done++) {
    const at = done % stepsAnEpoch;
    if (at === 0) {
      shuffleTies(examples, rng);
      rng.shuffle(targets);
    }
    fillBatch(state, targets.subarray(at * config.batchSize, (at + 1) * config.batchSize));
    learnBatch(network);
    const learningRate = (config.learningRate * (1 + Math.cos((Math.PI * done) / steps))) / 2;
    writeAdamSettings(
      { learningRate, beta1: 0.9, beta2: 0.999, weightDecay: config.weightDecay },
      done + 1,
      adamSettings,
    );
    step(state);
    if (done % stepsAtOnce !== 0) continue;
    context.onProgress(done, steps);
    await pause();
    checkCancelled(context);
  }
  const { columns } = network.shape;
  for (const [row, count] of counts.entries()) {
    if (count === 0) network.parameters.ids.fill(0, row * columns, (row + 1) * columns);
  }
  return network.parameters;
}
