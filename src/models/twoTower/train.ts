// Two towers trained with sampled softmax: Yi et al. 2019, "Sampling-bias-corrected neural modeling for large corpus item
// recommendations" (cosines, temperature, logQ), with the negatives of Yang et al. 2020, "Mixed negative sampling for
// learning two-tower neural networks in recommendations". Half of them are drawn in proportion to likes, half uniformly, so
// that also products without likes get low scores. A user is represented by the liked products, so users have no parameters.
// A product is represented by its own embedding and those of its features. Training sometimes leaves the former out, as a
// new product has none (Volkovs et al. 2017, "DropoutNet").
//
// Cost of a step: 6·batchSize·negatives·d operations of the softmax, and about 6·d for each product of a history. A batch is
// one shard, computed on the calling thread: its examples share the reading of their products.

import { checkCancelled } from '../../learning/cancelled';
import { cosineDecay } from '../../learning/schedule';
import type { TrainContext } from '../../learning/trainContext';
import { runTrainingLoop, type TrainableNetwork } from '../../learning/trainingLoop';
import { createWorkerGroup } from '../../learning/workerGroup';
import { paddedColumns } from '../../numeric/paddedColumns';
import { createRng, type Rng } from '../../numeric/rng';
import { type Arena, createArena } from '../../numeric/wasm/arena';
import { productScratchLength } from '../../numeric/wasm/networkKernels';
import { shuffleOrders } from '../../snapshot/orders';
import { countsOf, type Examples, startsOf, targetsOf } from './examples';
import type { ProductFeatures } from './features';
import { createNetwork, type Network, shardGradientsOf } from './network';
import { drawParameters, type Tables } from './parameters';
import type { TwoTowerConfig } from './settings';
import { computeGradients } from './step';

/** Everything that a training works with. */
interface Training {
  readonly config: TwoTowerConfig;
  readonly examples: Examples;
  readonly starts: Uint32Array;
  readonly counts: Uint32Array;
  readonly network: Network;
  readonly rng: Rng;
  /** Item of a product row in the current batch; -1 for a product that is not in it. */
  readonly itemOf: Int32Array;
}

function createTraining(
  arena: Arena,
  examples: Examples,
  features: ProductFeatures,
  config: TwoTowerConfig,
  seed: number,
): Training {
  const products = features.offsets.length - 1;
  const columns = Math.ceil(paddedColumns(config.rank) / 8) * 8;
  const buckets = features.rows.length > 0 ? config.featureBuckets : 0;
  const shape = { products, buckets, columns };
  const batchShape = { ...config, negatives: Math.ceil(config.negatives / 16) * 16 };
  const network = createNetwork(arena, { shape, batchShape, temperature: config.temperature, features });
  const rng = createRng(seed);
  drawParameters(network.parameters, columns, rng);
  return {
    config,
    examples,
    starts: startsOf(examples),
    counts: countsOf(examples, products),
    network,
    rng,
    itemOf: new Int32Array(products).fill(-1),
  };
}

/** Returns the item of a product, which is added to the batch if it is not there. */
function itemFor({ network, itemOf, config, rng }: Training, row: number): number {
  if (itemOf[row] >= 0) return itemOf[row];
  const { batch, features } = network;
  const item = batch.itemCount++;
  batch.items[item] = row;
  const hasFeatures = features.offsets[row + 1] > features.offsets[row];
  batch.hasOwn[item] = Number(!(hasFeatures && rng.uniform() < config.idDropout));
  itemOf[row] = item;
  return item;
}

/** Draws the negatives of a batch: half in proportion to likes, half uniformly. */
function drawNegatives(training: Training): void {
  const { network, examples, counts, rng, itemOf } = training;
  const { negatives, corrections, batch } = network;
  const half = negatives.length / 2;
  for (let at = 0; at < negatives.length; at++) {
    const row = at < half ? examples.products[rng.int(examples.products.length)] : rng.int(itemOf.length);
    negatives[at] = row;
    corrections[at] = Math.log(half * (counts[row] / examples.products.length + 1 / itemOf.length));
    batch.negativeItems[at] = itemFor(training, row);
  }
}

/** Fills the batch with the examples whose targets are at these places. */
function fillBatch(training: Training, places: Uint32Array): void {
  const { network, examples, starts, config, itemOf } = training;
  const { batch } = network;
  for (let item = 0; item < batch.itemCount; item++) itemOf[batch.items[item]] = -1;
  batch.itemCount = 0;
  batch.size = places.length;
  for (const [example, place] of places.entries()) {
    const start = Math.max(starts[place], place - config.maxLength);
    let end = batch.offsets[example];
    for (let at = start; at < place; at++) batch.places[end++] = itemFor(training, examples.products[at]);
    batch.offsets[example + 1] = end;
    network.targets[example] = examples.products[place];
    batch.targetItems[example] = itemFor(training, examples.products[place]);
  }
  drawNegatives(training);
}

/** All targets in random order, in batches. Draws the sequence within orders first. */
function drawBatches({ examples, rng, config }: Training, targets: Uint32Array): Uint32Array[] {
  shuffleOrders(examples.products, examples.runs, rng);
  rng.shuffle(targets);
  return Array.from({ length: Math.ceil(targets.length / config.batchSize) }, (_, batch) =>
    targets.subarray(batch * config.batchSize, (batch + 1) * config.batchSize),
  );
}

/** The network as the training loop takes it. A batch is the places of its targets. */
function trainableOf(training: Training): TrainableNetwork<Uint32Array> {
  const { network, examples } = training;
  const { parameters, dense, shape } = network;
  const targets = targetsOf(examples);
  return {
    parameters: {
      dense,
      tables: [parameters.ids, parameters.features].map(values => ({ values, columns: shape.columns })),
    },
    shards: [shardGradientsOf(network)],
    drawBatches: () => drawBatches(training, targets),
    async computeGradients(places) {
      fillBatch(training, places);
      computeGradients(network);
    },
  };
}

/**
 * Trains both towers.
 *
 * @returns parameters; embeddings of products without likes are zeros: such a product is known by its features alone
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when it takes more than 4 GiB
 */
export async function trainTowers(
  examples: Examples,
  features: ProductFeatures,
  config: TwoTowerConfig,
  context: TrainContext,
): Promise<Tables> {
  checkCancelled(context);
  const workers = createWorkerGroup(createArena(), context, productScratchLength);
  try {
    const training = createTraining(workers.arena, examples, features, config, context.seed);
    const { network, counts } = training;
    const { epochs, learningRate, regularization } = config;
    const options = { epochs, weightDecay: regularization, schedule: cosineDecay(learningRate) };
    await runTrainingLoop(trainableOf(training), workers, options, context);
    const { columns } = network.shape;
    for (const [row, count] of counts.entries()) {
      if (count === 0) network.parameters.ids.fill(0, row * columns, (row + 1) * columns);
    }
    return network.parameters;
  } finally {
    workers.dismiss();
  }
}
