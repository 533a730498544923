// A recurrent network over the events of shoppers. Each event is read as the sum of looked-up rows (its type, the first type
// of the session, hour, weekday, category) and a dense layer over its features, rectified. A long short-term memory (or a
// gated recurrent unit) keeps the past; all heads read the state and the event. Unknown targets are masked. The heads:
//
// - softmax over the next type (with the end of the session), over 16 buckets of the time to it, and over its category
// - sigmoids for a purchase later in the session, an abandoned cart, and a return within 1, 7 and 30 days
//
// Histories are cut into pieces; a piece starts from the last final state of the piece before it (truncated
// back-propagation through time: Williams & Peng 1990).

import { checkCancelled } from '../../../learning/cancelled';
import { linearDecay } from '../../../learning/schedule';
import type { SettingValues } from '../../../learning/settings';
import { addressesOf, shardCount } from '../../../learning/shards';
import type { TrainContext } from '../../../learning/trainContext';
import { runTrainingLoop, type TrainableNetwork } from '../../../learning/trainingLoop';
import { createWorkerGroup, type WorkerGroup } from '../../../learning/workerGroup';
import { paddedColumns } from '../../../numeric/paddedColumns';
import { pause } from '../../../numeric/pause';
import { createRng, type Rng } from '../../../numeric/rng';
import { createArena } from '../../../numeric/wasm/arena';
import { productScratchLength } from '../../../numeric/wasm/networkKernels';
import { typeCountOf } from '../actions';
import type { ActionSteps } from '../steps';
import { type ActionTargets, unknownTarget } from '../targets';
import { type BatchSource, carriedStates, shardStepsLimit, writeBatch } from './batch';
import { type HeadLosses, lossMeter } from './losses';
import { type MinuteBuckets, minuteBucketsOf } from './minutes';
import { type Batch, batchesOf, piecesOf, shuffledPieces, warmPiecesOf } from './pieces';
import type { networkSettings } from './settings';
import { type NetworkShape, weightPlaces } from './shape';
import type { PassArguments } from './tasks';
import { createWorkspace, type Workspace } from './workspace';

/** Values of all settings. */
export type NetworkConfig = SettingValues<typeof networkSettings>;

/** Data that a network is trained on. */
export interface NetworkMaterial {
  readonly steps: ActionSteps;
  /** Categories of the vocabulary. */
  readonly categories: number;
  /** Training targets; those that training must not know are masked. */
  readonly learned: ActionTargets;
  /** Validation targets, of later steps, for early stopping. Null: trains for all epochs. */
  readonly judged: ActionTargets | null;
}

/** A trained network. */
export interface TrainedNetwork {
  readonly shape: NetworkShape;
  /** See weightPlaces. */
  readonly weights: Float32Array;
  readonly buckets: MinuteBuckets;
  /** Epochs that the weights were trained for. */
  readonly epochs: number;
  /** Validation losses after each epoch; empty without validation targets. */
  readonly validationLosses: readonly HeadLosses[];
}

/**
 * Draws first weights: deviations by the number of inputs (LeCun et al. 1998, §4.6); the gates that keep the state start
 * mostly open (Gers et al. 2000).
 */
function drawStart({ weights, extents: { shape } }: Workspace, rng: Rng): void {
  const { columns } = shape;
  const at = weightPlaces(shape);
  const draw = (first: number, last: number, spread: number): void => {
    for (let place = first; place < last; place++) weights[place] = spread * rng.gaussian();
  };
  draw(at.table, at.dense, 0.3);
  draw(at.dense, at.inputBias, 0.3);
  draw(at.input, at.gateBias, 1 / Math.sqrt(columns));
  draw(at.hiddenInput, at.hiddenBias, 1 / Math.sqrt(columns));
  draw(at.head, at.headBias, 1 / Math.sqrt(columns));
  const keeping = at.gateBias + (shape.isLstm ? columns : 0);
  weights.fill(1, keeping, keeping + columns);
}

/** Weights of types: (1 / share)^exponent, scaled to a mean of 1 per step. */
function weighTypes(out: Float32Array, { next }: ActionTargets, exponent: number): void {
  const counts = new Float64Array(out.length);
  for (const type of next) if (type !== unknownTarget) counts[type]++;
  const raw = counts.map(count => (count > 0 ? count ** -exponent : 0));
  const steps = counts.reduce((sum, count) => sum + count, 0);
  const weighed = counts.reduce((sum, count, type) => sum + count * raw[type], 0);
  for (let type = 0; type < out.length; type++) out[type] = steps > 0 ? (raw[type] * steps) / weighed : 1;
}

function weighHeads(workspace: Workspace, { learned }: NetworkMaterial, config: NetworkConfig): void {
  const { next, bucket, category, flags } = workspace.headWeights;
  const { purchaseWeight, returnWeight } = config;
  weighTypes(next, learned, config.classWeighting);
  bucket.fill(config.timeWeight);
  category.fill(config.categoryWeight);
  flags.fill(0);
  flags.set([purchaseWeight, purchaseWeight, returnWeight, returnWeight, returnWeight]);
}

/** Runs a pass over all shards of the written batch. */
type PassRunner = (
  task: 'nextAction.gradients' | 'nextAction.losses',
  rows: number,
  how: Pick<PassArguments, 'inputDropout' | 'stateDropout' | 'seed'>,
) => Promise<void>;

function passRunnerOf(workers: WorkerGroup, { extents, weights, shards }: Workspace): PassRunner {
  const common = {
    shape: extents.shape,
    weights: weights.byteOffset,
    capacity: extents.steps,
    shards: shards.map(addressesOf),
  };
  return (task, rows, how) =>
    workers.run(task, shardCount, 1, { ...common, ...how, share: 1 / rows } satisfies PassArguments);
}

/** Everything that a training works with. */
interface Training {
  readonly workspace: Workspace;
  readonly config: NetworkConfig;
  readonly context: TrainContext;
  readonly rng: Rng;
  readonly run: PassRunner;
}

/** Writes a batch with its states, runs a pass over it, and keeps the states that it ends in. */
function batchRunnerOf({ workspace, run }: Training, source: BatchSource) {
  const carried = carriedStates(source.pieces, workspace.extents.shape.columns);
  return async (batch: Batch, task: Parameters<PassRunner>[0], how: Parameters<PassRunner>[2]) => {
    const extents = writeBatch(workspace, source, batch);
    for (const [shard, extent] of extents.entries()) carried.restore(workspace.shards[shard], extent);
    const rows = extents.reduce((sum, extent) => sum + extent.rows, 0);
    await run(task, rows, how);
    for (const [shard, extent] of extents.entries()) carried.keep(workspace.shards[shard], extent);
    return extents;
  };
}

/** Losses over all pieces of a source. */
async function lossesOf(training: Training, source: BatchSource): Promise<HeadLosses> {
  const { workspace, config, context } = training;
  const meter = lossMeter(workspace.headWeights);
  const order = Uint32Array.from(source.pieces.starts.keys());
  const runBatch = batchRunnerOf(training, source);
  for (const batch of batchesOf(source.pieces, config.batchSize, order)) {
    await pause();
    checkCancelled(context);
    const how = { inputDropout: 0, stateDropout: 0, seed: 0 };
    meter.add(workspace, await runBatch(batch, 'nextAction.losses', how));
  }
  return meter.read();
}

/** The network as the training loop takes it. @param onValidation - called with the validation losses of each epoch */
function trainableOf(
  training: Training,
  source: BatchSource,
  validation: BatchSource | null,
  onValidation: (losses: HeadLosses) => void,
): TrainableNetwork<Batch> {
  const { workspace, config, rng } = training;
  const { inputDropout, stateDropout } = config;
  const runBatch = batchRunnerOf(training, source);
  return {
    parameters: { dense: workspace.weights, tables: [] },
    shards: workspace.shards.map(({ weightGradient }) => ({ dense: weightGradient, rows: [] })),
    drawBatches: () => batchesOf(source.pieces, config.batchSize, shuffledPieces(source.pieces, rng)),
    async computeGradients(batch, step) {
      await runBatch(batch, 'nextAction.gradients', { inputDropout, stateDropout, seed: step });
    },
    ...(validation && {
      async validationLoss() {
        const losses = await lossesOf(training, validation);
        onValidation(losses);
        return losses.total;
      },
    }),
  };
}

/** A workspace for the largest batch. */
function workspaceFor(workers: WorkerGroup, material: NetworkMaterial, config: NetworkConfig): Workspace {
  return createWorkspace(workers.arena, {
    shape: {
      isLstm: config.cell === 'lstm',
      columns: paddedColumns(config.rank),
      types: typeCountOf(material.steps.actions),
      categories: material.categories,
    },
    steps: shardStepsLimit(config.batchSize, 2 * config.maxLength),
  });
}

/** Batch sources of the training and the validation targets. */
function sourcesOf({ steps, learned, judged }: NetworkMaterial, { maxLength }: NetworkConfig) {
  const buckets = minuteBucketsOf(learned.minutes);
  const pieces = piecesOf(steps.offsets, learned, maxLength);
  const source: BatchSource = { steps, targets: learned, buckets, pieces };
  const validation: BatchSource | null = judged && {
    steps,
    targets: judged,
    buckets,
    pieces: warmPiecesOf(steps.offsets, judged, maxLength),
  };
  return { buckets, source, validation };
}

/**
 * Trains on steps and their targets. The same material, settings and seed give the same bytes on any number of threads.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function trainNetwork(
  material: NetworkMaterial,
  config: NetworkConfig,
  context: TrainContext,
): Promise<TrainedNetwork> {
  checkCancelled(context);
  const rng = createRng(context.seed);
  const workers = createWorkerGroup(createArena(), context, productScratchLength);
  try {
    const workspace = workspaceFor(workers, material, config);
    drawStart(workspace, rng);
    weighHeads(workspace, material, config);
    const { buckets, source, validation } = sourcesOf(material, config);
    const training = { workspace, config, context, rng, run: passRunnerOf(workers, workspace) };
    const validationLosses: HeadLosses[] = [];
    const network = trainableOf(training, source, validation, losses => validationLosses.push(losses));
    const { epochs, patience, regularization, clipNorm, learningRate } = config;
    const options = {
      epochs,
      patience,
      weightDecay: regularization,
      clipNorm,
      schedule: linearDecay(learningRate),
    };
    const result = await runTrainingLoop(network, workers, options, context);
    const { shape } = workspace.extents;
    return { shape, buckets, weights: workspace.weights.slice(), epochs: result.epochs, validationLosses };
  } finally {
    workers.dismiss();
  }
}
