// A gated recurrent unit over the products of a session (GRU4Rec: Hidasi et al. 2016; sampled softmax with shared
// negatives: Hidasi & Karatzoglou 2018, "Recurrent neural networks with top-k gains"). Products read and products scored
// are one table (tied), and both products and states are scored at length one times a scale (Gupta et al. 2019, "NISER":
// lengths that grow with popularity no longer decide). Negatives are drawn by count^α and corrected for (logQ). All steps
// of a session are learned from at once, back through all of it; sequences are packed, nothing is padded.
//
// A batch is cut into shards whose gradients are added up in order, then every part of the parameters takes its step of
// Adam (rows of products that were not in the batch stay), so that the bytes do not depend on the number of threads.

import { checkCancelled } from '../../learning/cancelled';
import type { SettingValues } from '../../learning/settings';
import type { TrainContext } from '../../learning/trainContext';
import { type AdamConfig, writeAdamSettings } from '../../numeric/network/adamSettings';
import { paddedColumns } from '../../numeric/paddedColumns';
import { pause } from '../../numeric/pause';
import { createRng, type Rng } from '../../numeric/rng';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import type { Steps } from '../../snapshot/steps';
import { batchWriter, shardStepsLimit, type WrittenBatch } from './batch';
import { negativeSampler } from './negatives';
import { batchesOf, sequencesOf } from './sequences';
import type { gruSettings } from './settings';
import type { LearnPayload, ShardAddresses, UpdatePayload, WorkspaceAddresses } from './tasks';
import { createWorkspace, type ShardWorkspace, shardCount, type Workspace, weightPlaces } from './workspace';

/** Values of all settings. */
export type GruConfig = SettingValues<typeof gruSettings>;

/** What was learned. */
export interface GruWeights {
  /** [products × columns], rows at length one; zeros for a product that nobody met. */
  readonly products: Float32Array;
  /** See weightPlaces. */
  readonly weights: Float32Array;
}

const addressesOf = (workspace: Workspace | ShardWorkspace): Record<string, number> =>
  Object.fromEntries(
    Object.entries(workspace).flatMap(([name, array]) =>
      ArrayBuffer.isView(array) ? [[name, array.byteOffset]] : [],
    ),
  );

/** Spread of the numbers that products start from: their lengths are about 1, so that Adam's steps turn them well. */
function drawStart({ embeddings, weights, extents }: Workspace, rng: Rng): void {
  const { columns } = extents;
  const spread = 1 / Math.sqrt(columns);
  for (let i = 0; i < embeddings.length; i++) embeddings[i] = spread * rng.gaussian();
  for (let i = 0; i < weightPlaces(columns).inputBias; i++) weights[i] = spread * rng.gaussian();
}

/** Runs batches on the threads. */
interface Runner {
  run(batch: WrittenBatch, seed: number): Promise<void>;
}

function runnerOf(workspace: Workspace, config: GruConfig, { threads }: TrainContext): Runner {
  const { memory } = workspace.arena;
  const { columns, negatives } = workspace.extents;
  const addresses = addressesOf(workspace) as unknown as WorkspaceAddresses;
  const shards = workspace.shards.map(shard => addressesOf(shard) as unknown as ShardAddresses);
  const kernels = networkKernelsOver(memory, workspace.scratch.byteOffset);
  return {
    async run(batch, seed) {
      const { products, rows } = batch;
      kernels.gatherRows(
        addresses.embeddings,
        addresses.batchProducts,
        products,
        columns,
        1,
        addresses.units,
      );
      kernels.unitRows(addresses.units, products, columns, addresses.unitLengths);
      const { negatives: drawn, negativeUnits } = addresses;
      kernels.gatherRows(addresses.units, drawn, negatives, columns, config.scale, negativeUnits);
      const common = { memory, workspace: addresses, columns, negatives, products };
      const { inputDropout, stateDropout, scale } = config;
      const learned = batch.shards.map((extent, index) => ({
        ...common,
        ...extent,
        inputDropout,
        stateDropout,
        scale,
        shard: shards[index],
        seed: (seed * shardCount + index) | 0,
        share: 1 / rows,
      })) satisfies LearnPayload[];
      await threads.run('gru.learn', learned);
      const parts = shards.map((_, part) => ({ ...common, shards, part })) satisfies UpdatePayload[];
      await threads.run('gru.update', parts);
    },
  };
}

/** How often each product came. */
function countsOf({ productRows }: Steps, products: number): Uint32Array {
  const counts = new Uint32Array(products);
  for (const product of productRows) counts[product]++;
  return counts;
}

/** Products at length one, as they are scored. */
function learnedOf({ embeddings, weights, extents }: Workspace, counts: Uint32Array): GruWeights {
  const { columns } = extents;
  const products = embeddings.slice();
  for (const [product, count] of counts.entries()) {
    const row = products.subarray(product * columns, (product + 1) * columns);
    const length = count > 0 ? Math.hypot(...row) : Number.POSITIVE_INFINITY;
    for (let k = 0; k < columns; k++) row[k] /= length;
  }
  return { products, weights: weights.slice() };
}

/** Batches between two turns of the event loop. */
const batchesAtOnce = 8;

/**
 * Learns from all steps. The same steps, settings and seed give the same bytes, on however many threads.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function trainGru(
  steps: Steps,
  products: number,
  config: GruConfig,
  context: TrainContext,
): Promise<GruWeights> {
  const rng = createRng(context.seed);
  const sequences = sequencesOf(steps, config.sequenceLength);
  const counts = countsOf(steps, products);
  const workspace = createWorkspace({
    products,
    columns: paddedColumns(config.rank),
    negatives: paddedColumns(config.negatives),
    steps: shardStepsLimit(config.batchSize, config.sequenceLength, shardCount),
  });
  drawStart(workspace, rng);
  const sampler = negativeSampler(counts, config.negativeExponent);
  const writer = batchWriter(workspace, steps, sequences, sampler, rng);
  const runner = runnerOf(workspace, config, context);
  const adam: AdamConfig = { learningRate: config.learningRate, beta1: 0.9, beta2: 0.999, weightDecay: 0 };
  let step = 0;
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    const batches = batchesOf(sequences, config.batchSize, rng);
    for (const [index, batch] of batches.entries()) {
      if (index % batchesAtOnce === 0) {
        await pause();
        checkCancelled(context);
        context.onProgress(epoch + index / batches.length, config.epochs);
      }
      const left = 1 - (epoch + index / batches.length) / config.epochs;
      writeAdamSettings(
        { ...adam, learningRate: config.learningRate * left },
        ++step,
        workspace.adamSettings,
      );
      await runner.run(writer.write(batch), step);
    }
  }
  context.onProgress(config.epochs, config.epochs);
  return learnedOf(workspace, counts);
}
