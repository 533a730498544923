// A gated recurrent unit over the products of a session (GRU4Rec: Hidasi et al. 2016; sampled softmax with shared
// negatives: Hidasi & Karatzoglou 2018, "Recurrent neural networks with top-k gains"). Input and output products share one
// table (tied). Products and states are scaled to length one before they are scored, and cosines multiplied by a scale (Gupta
// et al. 2019, "NISER"): lengths, which grow with popularity, then have no effect. Negatives are drawn by count^α and
// corrected for it (logQ). Every epoch draws the sequence of the steps of one order (snapshot/orders.ts) again. Gradients run
// back through whole sequences; sequences are packed, without padding.

import { checkCancelled } from '../../learning/cancelled';
import { linearDecay } from '../../learning/schedule';
import type { SettingValues } from '../../learning/settings';
import { addressesOf, shardCount } from '../../learning/shards';
import type { TrainContext } from '../../learning/trainContext';
import { runTrainingLoop, type TrainableNetwork } from '../../learning/trainingLoop';
import { createWorkerGroup, type WorkerGroup } from '../../learning/workerGroup';
import { paddedColumns } from '../../numeric/paddedColumns';
import { createRng, type Rng } from '../../numeric/rng';
import { createArena } from '../../numeric/wasm/arena';
import { productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import { runsOf, shuffleOrders } from '../../snapshot/orders';
import type { Steps } from '../../snapshot/steps';
import { batchWriter, shardStepsLimit } from './batch';
import { negativeSampler } from './negatives';
import { type Batch, batchesOf, sequencesOf } from './sequences';
import type { gruSettings } from './settings';
import type { StepArguments } from './tasks';
import { createWorkspace, type Workspace, weightPlaces } from './workspace';

/** Values of all settings. */
export type GruConfig = SettingValues<typeof gruSettings>;

/** Trained parameters. */
export interface GruWeights {
  /** [products × columns], rows of length one; zeros for a product without steps. */
  readonly products: Float32Array;
  /** See weightPlaces. */
  readonly weights: Float32Array;
}

/** Draws first values. Products start with lengths of about 1, so that Adam's steps change their directions. */
function drawStart({ embeddings, weights, extents }: Workspace, rng: Rng): void {
  const { columns } = extents;
  const spread = 1 / Math.sqrt(columns);
  for (let i = 0; i < embeddings.length; i++) embeddings[i] = spread * rng.gaussian();
  for (let i = 0; i < weightPlaces(columns).inputBias; i++) weights[i] = spread * rng.gaussian();
}

/** Computes the gradients of the batch in a workspace. */
type GradientStep = (rows: number, step: number) => Promise<void>;

function gradientStepOf(workers: WorkerGroup, workspace: Workspace, config: GruConfig): GradientStep {
  const { columns, negatives } = workspace.extents;
  const { inputDropout, stateDropout, scale } = config;
  const addresses = addressesOf(workspace);
  const shards = workspace.shards.map(addressesOf);
  const kernels = networkKernelsOver(workers.arena.memory, workspace.scratch.byteOffset);
  const { embeddings, batchProducts, units, unitLengths, negatives: drawn, negativeUnits } = addresses;
  return async (rows, step) => {
    const [products] = workspace.productCount;
    kernels.gatherRows(embeddings, batchProducts, products, columns, 1, units);
    kernels.unitRows(units, products, columns, unitLengths);
    kernels.gatherRows(units, drawn, negatives, columns, scale, negativeUnits);
    await workers.run('gru.gradients', shardCount, 1, {
      workspace: addresses,
      shards,
      columns,
      negatives,
      products,
      inputDropout,
      stateDropout,
      scale,
      seed: step,
      share: 1 / rows,
    } satisfies StepArguments);
  };
}

/** Steps to each product. */
function countsOf({ productRows }: Steps, products: number): Uint32Array {
  const counts = new Uint32Array(products);
  for (const product of productRows) counts[product]++;
  return counts;
}

/** Parameters as they are scored: products scaled to length one. */
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

/** The network as the training loop takes it. */
function trainableOf(
  workers: WorkerGroup,
  workspace: Workspace,
  config: GruConfig,
  material: { readonly steps: Steps; readonly counts: Uint32Array; readonly rng: Rng },
): TrainableNetwork<Batch> {
  const { counts, rng } = material;
  const steps = { ...material.steps, productRows: material.steps.productRows.slice() };
  const orders = runsOf(steps.orders);
  const { productCount, batchProducts, embeddings, weights, extents, shards } = workspace;
  const sequences = sequencesOf(steps, config.maxLength);
  const sampler = negativeSampler(counts, config.negativeExponent);
  const writer = batchWriter(workspace, steps, sequences, sampler, rng);
  const computeGradients = gradientStepOf(workers, workspace, config);
  return {
    parameters: { dense: weights, tables: [{ values: embeddings, columns: extents.columns }] },
    shards: shards.map(({ weightGradient, productGradient }) => ({
      dense: weightGradient,
      rows: [
        {
          table: 0,
          count: productCount,
          gradients: productGradient,
          indices: batchProducts,
          starts: null,
        },
      ],
    })),
    drawBatches() {
      shuffleOrders(steps.productRows, orders, rng);
      return batchesOf(sequences, config.batchSize, rng);
    },
    computeGradients: (batch, step) => computeGradients(writer.write(batch), step),
  };
}

/**
 * Trains on all steps. The same steps, settings and seed give the same bytes on any number of threads.
 *
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when it takes more than 4 GiB
 */
export async function trainGru(
  steps: Steps,
  products: number,
  config: GruConfig,
  context: TrainContext,
): Promise<GruWeights> {
  checkCancelled(context);
  const rng = createRng(context.seed);
  const counts = countsOf(steps, products);
  const workers = createWorkerGroup(createArena(), context, productScratchLength);
  try {
    const workspace = createWorkspace(workers.arena, {
      products,
      columns: paddedColumns(config.rank),
      negatives: paddedColumns(config.negatives),
      steps: shardStepsLimit(config.batchSize, config.maxLength),
    });
    drawStart(workspace, rng);
    const network = trainableOf(workers, workspace, config, { steps, counts, rng });
    const options = { epochs: config.epochs, schedule: linearDecay(config.learningRate) };
    await runTrainingLoop(network, workers, options, context);
    return learnedOf(workspace, counts);
  } finally {
    workers.dismiss();
  }
}
