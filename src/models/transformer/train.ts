// Training: all positions are targets. Every epoch draws the sequence of the products of one order (snapshot/orders.ts) again:
// the network learns sets as the mean over their sequences (Vinyals, Bengio & Kudlur 2016, "Order matters").
//
// The loss is a sampled softmax over negatives that all rows of a step share, with logQ correction (Klenitskiy &
// Vasilev 2023, "Turning dross into gold loss": SASRec with many negatives; Yi et al. 2019), or gBCE (Petrov & Macdonald 2023).
// The training loop of learning/ sums the gradients of the shards and updates the parameters,
// and of the embeddings those of inputs, targets and negatives.
//
// Multiplications and additions per event (d width, f = 2·d hidden, c events seen on average, n negatives, b blocks):
// 6·b·(4·d² + 2·d·f + 2·c·d) + 6·n·d, three quarters of a million at the defaults.

import { checkCancelled } from '../../learning/cancelled';
import type { ShardGradients } from '../../learning/gradients';
import { cosineDecay, withWarmUp } from '../../learning/schedule';
import { shardCount } from '../../learning/shards';
import type { TrainContext } from '../../learning/trainContext';
import { runTrainingLoop, type TrainableNetwork } from '../../learning/trainingLoop';
import { createWorkerGroup, type WorkerGroup } from '../../learning/workerGroup';
import { createRng, type Rng } from '../../numeric/rng';
import { createArena } from '../../numeric/wasm/arena';
import { type NetworkKernels, productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import { shuffleOrders } from '../../snapshot/orders';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { writeJobs } from './network';
import { batchesOf, drawWindows, type Sequences, type Window } from './sequences';
import type { TransformerConfig } from './settings';
import { parameterPlacesOf, type Shape, shapeOf } from './shape';
import { earlierOf, startParameters } from './start';
import { layOut, passOf, type StepLayout, type StepSizes } from './step';

/** A trained network. */
export interface TrainedNetwork {
  readonly shape: Shape;
  readonly parameters: Float32Array;
  /** [products × width]. */
  readonly embeddings: Float32Array;
}

/** Everything that a step works with. */
interface Training {
  readonly config: TransformerConfig;
  readonly sequences: Sequences;
  readonly rng: Rng;
  readonly seed: number;
  readonly workers: WorkerGroup;
  readonly kernels: NetworkKernels;
  readonly sizes: StepSizes;
  readonly layout: StepLayout;
  /** The whole memory. */
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  readonly parameters: Float32Array;
  readonly embeddings: Float32Array;
  /** Times that each product is liked. */
  readonly counts: Float64Array;
  /** β of gBCE; 0 for sampled softmax. */
  readonly beta: number;
}

const countsOf = ({ productRows }: Sequences, products: number): Float64Array => {
  const counts = new Float64Array(products);
  for (const row of productRows) counts[row]++;
  return counts;
};

function createTraining(
  sequences: Sequences,
  config: TransformerConfig,
  shape: Shape,
  workers: WorkerGroup,
  seed: number,
): Training {
  const { arena } = workers;
  const { products, span, width } = shape;
  const capacity = Math.ceil(config.batchSize / shardCount) + span;
  const negatives = 8 * Math.ceil(Math.min(config.negatives, products) / 8);
  const unplaced = { ...shape, capacity, negatives, base: 0 };
  const sizes = { ...unplaced, base: arena.float32(layOut(unplaced).end / 4).byteOffset };
  const layout = layOut(sizes);
  const scratch = arena.float32(productScratchLength);
  const floats = new Float32Array(arena.memory.buffer);
  const view = (address: number, length: number): Float32Array =>
    floats.subarray(address >>> 2, (address >>> 2) + length);
  const share = Math.min(1, negatives / Math.max(1, products - 1));
  return {
    config,
    sequences,
    rng: createRng(seed),
    seed,
    workers,
    kernels: networkKernelsOver(arena.memory, scratch.byteOffset),
    sizes,
    layout,
    words: new Uint32Array(arena.memory.buffer),
    floats,
    parameters: view(layout.parameters, parameterPlacesOf(shape).length),
    embeddings: view(layout.embeddings, products * width),
    counts: countsOf(sequences, products),
    // Petrov & Macdonald 2023, eq. 9: β = α·(t·(1 - 1/α) + 1/α).
    beta: config.loss === 'gbce' ? 1 - config.calibration * (1 - share) : 0,
  };
}

/** Correction of a place without a negative: its score is then so low that it adds nothing to any sum. */
const never = 1e30;

/** Draws the negatives of a step; all products once each, where there are no more than the setting asks for. */
function drawNegatives(training: Training): void {
  const { config, sizes, layout, words, floats, rng, counts, sequences, kernels } = training;
  const { products, negatives, width } = sizes;
  const { productRows } = sequences;
  const [ids, corrections] = [layout.negativeIds >>> 2, layout.corrections >>> 2];
  const isWhole = config.negatives >= products && config.loss === 'softmax';
  for (let place = 0; place < negatives; place++) {
    if (isWhole) {
      words[ids + place] = place < products ? place : 0;
      floats[corrections + place] = place < products ? 0 : never;
      continue;
    }
    const isPopular = rng.uniform() < config.popularShare;
    const row = isPopular ? productRows[rng.int(productRows.length)] : rng.int(products);
    const chance =
      (1 - config.popularShare) / products + (config.popularShare * counts[row]) / productRows.length;
    words[ids + place] = row;
    floats[corrections + place] = Math.log(negatives * chance);
  }
  kernels.gatherRows(layout.embeddings, layout.negativeIds, negatives, width, 1, layout.negativeRows);
}

/** Writes windows into the shards, each into the one with the fewest rows so far. Returns the rows of all shards. */
function writeShards({ words, layout, sequences }: Training, batch: readonly Window[]): number {
  const rows = new Uint32Array(shardCount);
  const counts = new Uint32Array(shardCount);
  for (const { start, end } of batch) {
    let least = 0;
    for (let shard = 1; shard < shardCount; shard++) if (rows[shard] < rows[least]) least = shard;
    const { buffers, targets } = layout.shards[least];
    words.set(sequences.productRows.subarray(start, end), (buffers.inputs >>> 2) + rows[least]);
    words.set(sequences.productRows.subarray(start + 1, end + 1), (targets >>> 2) + rows[least]);
    rows[least] += end - start;
    counts[least]++;
    words[(buffers.offsets >>> 2) + counts[least]] = rows[least];
  }
  for (const [shard, { buffers }] of layout.shards.entries()) {
    words[buffers.extent >>> 2] = rows[shard];
    words[(buffers.extent >>> 2) + 1] = counts[shard];
  }
  return rows.reduce((sum, count) => sum + count, 0);
}

/** Where each shard leaves its gradients: of the negatives, the targets and the inputs as rows of the embeddings. */
function shardGradientsOf({ layout, sizes, words, floats }: Training): readonly ShardGradients[] {
  const { width, negatives, capacity } = sizes;
  const floatsAt = (address: number, length: number) =>
    floats.subarray(address >>> 2, (address >>> 2) + length);
  const wordsAt = (address: number, length: number) =>
    words.subarray(address >>> 2, (address >>> 2) + length);
  const rowsAt = (count: number, gradients: number, indices: number, length: number) => ({
    table: 0,
    count: wordsAt(count, 1),
    gradients: floatsAt(gradients, length * width),
    indices: wordsAt(indices, length),
    starts: null,
  });
  return layout.shards.map(({ buffers, gradients, targets, targetRows, negativeGradients }) => ({
    dense: floatsAt(gradients, parameterPlacesOf(sizes).length),
    rows: [
      rowsAt(layout.negativeCount, negativeGradients, layout.negativeIds, negatives),
      rowsAt(buffers.extent, targetRows, targets, capacity),
      rowsAt(buffers.extent, buffers.gradient, buffers.inputs, capacity),
    ],
  }));
}

/** The network as the training loop takes it. */
function trainableOf(training: Training): TrainableNetwork<readonly Window[]> {
  const { config, sequences, sizes, rng, beta, seed, workers, parameters, embeddings } = training;
  return {
    parameters: { dense: parameters, tables: [{ values: embeddings, columns: sizes.width }] },
    shards: shardGradientsOf(training),
    drawBatches() {
      shuffleOrders(sequences.productRows, sequences.orders, rng);
      return batchesOf(drawWindows(sequences, sizes.span, rng), config.batchSize);
    },
    async computeGradients(batch, step) {
      const rows = writeShards(training, batch);
      drawNegatives(training);
      await workers.run('transformer.gradients', shardCount, 1, {
        ...sizes,
        dropout: config.dropout,
        seed: (Math.imul(step, 0x85ebca6b) + seed) | 0,
        scale: 1 / rows,
        beta,
      });
    },
  };
}

/** Steps over which the learning rate rises. */
const warmUpSteps = 200;

/** Share of the learning rate that training ends with. */
const finalRateShare = 0.05;

/**
 * Trains the network on sequences of liked products. From an earlier artifact of the same shape it starts where that ended,
 * with products found by their ids, and runs a third of the epochs.
 *
 * @param config - with all settings that were left open chosen
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when it takes more than 4 GiB
 */
export async function trainNetwork(
  sequences: Sequences,
  products: Vocabulary,
  config: TransformerConfig,
  context: TrainContext,
): Promise<TrainedNetwork> {
  checkCancelled(context);
  const shape = shapeOf(config, products.size);
  const earlier = earlierOf(context.previous, shape);
  const epochs = earlier ? Math.ceil(config.epochs / 3) : config.epochs;
  const workers = createWorkerGroup(createArena(), context, productScratchLength);
  try {
    const training = createTraining(sequences, config, shape, workers, context.seed);
    const { layout, kernels, sizes, parameters, embeddings, words, rng } = training;
    startParameters({ shape, products, parameters, embeddings }, rng, earlier);
    words[layout.negativeCount >>> 2] = sizes.negatives;
    for (let shard = 0; shard < shardCount; shard++)
      writeJobs(passOf(workers.arena.memory, kernels, sizes, { layout, shard }, { dropout: 0, seed: 0 }));
    const options = {
      epochs,
      schedule: withWarmUp(cosineDecay(config.learningRate, finalRateShare), warmUpSteps),
      beta2: 0.98,
      weightDecay: config.regularization,
    };
    await runTrainingLoop(trainableOf(training), workers, options, context);
    return { shape, parameters: parameters.slice(), embeddings: embeddings.slice() };
  } finally {
    workers.dismiss();
  }
}
