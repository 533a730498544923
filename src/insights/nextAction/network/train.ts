// A recurrent network over what shoppers do. Each event is read as a sum of rows looked up (its type, the type the session
// began with, hour, weekday, category) and a layer over what is known of it, rectified; a long short-term memory (or a
// gated recurrent unit) keeps the past; all heads read the state and the event. Heads: softmax over the next type (with
// the end of the session), over 16 parts of the time to it, over its category; sigmoids for a purchase later in the
// session, the cart left, a return within 1, 7, 30 days. Targets that are not known are masked.
//
// Histories are cut into pieces; a piece goes on from the state that the one before it last ended in (truncated
// back-propagation through time: Williams & Peng 1990). A batch is cut into a fixed number of shards, which threads
// work on; their gradients are added up in order, so that the bytes do not depend on the number of threads.

import { checkCancelled } from '../../../learning/cancelled';
import type { SettingValues } from '../../../learning/settings';
import type { TrainContext } from '../../../learning/trainContext';
import { type AdamConfig, writeAdamSettings } from '../../../numeric/network/adamSettings';
import { paddedColumns } from '../../../numeric/paddedColumns';
import { pause } from '../../../numeric/pause';
import { createRng, type Rng } from '../../../numeric/rng';
import { networkKernelsOver } from '../../../numeric/wasm/networkKernelsOver';
import type { ActionSteps } from '../steps';
import { type ActionTargets, unknownTarget } from '../targets';
import { type BatchSource, carriedStates, type ShardExtent, shardStepsLimit, writeBatch } from './batch';
import { type HeadLosses, lossMeter } from './losses';
import { type MinuteBuckets, minuteBucketsOf } from './minutes';
import { batchesOf, type Pieces, piecesOf, shuffledPieces, warmPiecesOf } from './pieces';
import type { networkSettings } from './settings';
import { type NetworkShape, weightPlaces } from './shape';
import type { PassPayload } from './tasks';
import { addressesOf, createWorkspace, shardCount, type Workspace } from './workspace';

/** Values of all settings. */
export type NetworkConfig = SettingValues<typeof networkSettings>;

/** What a network learns from. */
export interface NetworkMaterial {
  readonly steps: ActionSteps;
  /** Categories of the vocabulary. */
  readonly categories: number;
  /** What to learn: masked wherever it is not to be known. */
  readonly learned: ActionTargets;
  /** What to stop by: later steps. Null: learns as long as told. */
  readonly judged: ActionTargets | null;
}

/** A network that learned. */
export interface TrainedNetwork {
  readonly shape: NetworkShape;
  /** See weightPlaces. */
  readonly weights: Float32Array;
  readonly buckets: MinuteBuckets;
  /** Epochs after which the weights were kept. */
  readonly epochs: number;
  /** After each epoch, on what is judged by; empty without. */
  readonly judgements: readonly HeadLosses[];
}

/** Spread by the numbers that come in (LeCun et al. 1998, §4.6); gates that keep the state are more open than not (Gers et al. 2000). */
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

/** Types weigh (1 / share)^exponent, scaled so that a step weighs 1 on average. */
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

/** Runs a pass over all shards of a batch. */
type Runner = (
  task: 'nextAction.learn' | 'nextAction.measure',
  extents: readonly ShardExtent[],
  how: { readonly inputDropout: number; readonly stateDropout: number; readonly seed: number },
) => Promise<void>;

function runnerOf(
  { arena: { memory }, extents, weights, shards }: Workspace,
  { threads }: TrainContext,
): Runner {
  const addresses = shards.map(addressesOf);
  const common = { memory, shape: extents.shape, weights: weights.byteOffset, capacity: extents.steps };
  return async (task, written, { seed, ...dropouts }) => {
    const all = written.reduce((sum, { rows }) => sum + rows, 0);
    const payloads = written.map(({ rows, times }, index) => ({
      ...common,
      ...dropouts,
      rows,
      times,
      shard: addresses[index],
      seed: (seed * shardCount + index) | 0,
      share: 1 / all,
    })) satisfies PassPayload[];
    await threads.run(task, payloads);
  };
}

/** Adds the shards' gradients up, shortens the sum where it is long, and takes a step of Adam. */
function stepperOf(workspace: Workspace, config: NetworkConfig): (step: number, rate: number) => void {
  const kernels = networkKernelsOver(workspace.arena.memory, workspace.scratch.byteOffset);
  const [own, ...others] = workspace.shards.map(({ weightGradient }) => weightGradient);
  const adam: AdamConfig = {
    learningRate: config.learningRate,
    beta1: 0.9,
    beta2: 0.999,
    weightDecay: config.weightDecay,
  };
  return (step, rate) => {
    for (const other of others) kernels.addInto(other.byteOffset, own.length, own.byteOffset);
    let square = 0;
    for (const slope of own) square += slope * slope;
    const factor = config.clipNorm / Math.sqrt(square);
    if (factor < 1) for (let place = 0; place < own.length; place++) own[place] *= factor;
    writeAdamSettings({ ...adam, learningRate: rate }, step, workspace.adamSettings);
    kernels.adam(
      workspace.weights.byteOffset,
      own.byteOffset,
      workspace.moments.byteOffset,
      own.length,
      workspace.adamSettings.byteOffset,
    );
  };
}

/** Batches between two turns of the event loop. */
const batchesAtOnce = 8;

/** Everything an epoch works with. */
interface Training {
  readonly workspace: Workspace;
  readonly config: NetworkConfig;
  readonly context: TrainContext;
  readonly rng: Rng;
  readonly run: Runner;
}

/** Goes once through all pieces, learning. */
function learnerOf(training: Training, source: BatchSource): (epoch: number) => Promise<void> {
  const { workspace, config, context, rng, run } = training;
  const { inputDropout, stateDropout, epochs } = config;
  const carried = carriedStates(source.pieces, workspace.extents.shape.columns);
  const step = stepperOf(workspace, config);
  let steps = 0;
  return async epoch => {
    const batches = batchesOf(source.pieces, config.batchSize, shuffledPieces(source.pieces, rng));
    for (const [index, batch] of batches.entries()) {
      const done = epoch + index / batches.length;
      if (index % batchesAtOnce === 0) {
        await pause();
        checkCancelled(context);
        context.onProgress(done, epochs);
      }
      const extents = writeBatch(workspace, source, batch);
      for (const [shard, extent] of extents.entries()) carried.give(workspace.shards[shard], extent);
      await run('nextAction.learn', extents, { inputDropout, stateDropout, seed: ++steps });
      for (const [shard, extent] of extents.entries()) carried.take(workspace.shards[shard], extent);
      step(steps, config.learningRate * (1 - done / epochs));
    }
  };
}

/** Losses over all pieces, without learning. */
async function judge(
  { workspace, config, context, run }: Training,
  source: BatchSource,
): Promise<HeadLosses> {
  const meter = lossMeter(workspace.headWeights);
  const order = Uint32Array.from(source.pieces.starts.keys());
  const from = carriedStates(source.pieces, workspace.extents.shape.columns);
  for (const batch of batchesOf(source.pieces, config.batchSize, order)) {
    await pause();
    checkCancelled(context);
    const extents = writeBatch(workspace, source, batch);
    for (const [shard, extent] of extents.entries()) from.give(workspace.shards[shard], extent);
    await run('nextAction.measure', extents, { inputDropout: 0, stateDropout: 0, seed: 0 });
    meter.add(workspace, extents);
  }
  return meter.read();
}

/** Learns until the epochs are over or nothing gets better; keeps the best weights. */
async function learnEpochs(
  training: Training,
  learn: (epoch: number) => Promise<void>,
  judged: BatchSource | null,
): Promise<Pick<TrainedNetwork, 'weights' | 'epochs' | 'judgements'>> {
  const { workspace, config } = training;
  const judgements: HeadLosses[] = [];
  let best = { weights: workspace.weights.slice(), epochs: 0, total: Number.POSITIVE_INFINITY };
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    await learn(epoch);
    const losses = judged === null ? null : await judge(training, judged);
    if (losses !== null) judgements.push(losses);
    if (losses === null || losses.total < best.total)
      best = { weights: workspace.weights.slice(), epochs: epoch + 1, total: losses?.total ?? best.total };
    else if (epoch + 1 - best.epochs >= config.patience) break;
  }
  return { weights: best.weights, epochs: best.epochs, judgements };
}

/** Room for the largest batch. */
function workspaceFor(material: NetworkMaterial, config: NetworkConfig): Workspace {
  return createWorkspace({
    shape: {
      isLstm: config.cell === 1,
      columns: paddedColumns(config.units),
      categories: material.categories,
    },
    steps: shardStepsLimit(config.batchSize, 2 * config.sequenceLength),
  });
}

/**
 * Learns from steps and their targets. The same material, settings and seed give the same bytes, on however many threads.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function trainNetwork(
  material: NetworkMaterial,
  config: NetworkConfig,
  context: TrainContext,
): Promise<TrainedNetwork> {
  const rng = createRng(context.seed);
  const workspace = workspaceFor(material, config);
  drawStart(workspace, rng);
  weighHeads(workspace, material, config);
  const { steps, learned, judged } = material;
  const buckets = minuteBucketsOf(learned.minutes);
  const sourceOf = (targets: ActionTargets, pieces: Pieces): BatchSource => ({
    steps,
    targets,
    buckets,
    pieces,
  });
  const training: Training = { workspace, config, context, rng, run: runnerOf(workspace, context) };
  const learn = learnerOf(
    training,
    sourceOf(learned, piecesOf(steps.offsets, learned, config.sequenceLength)),
  );
  const judging = judged && sourceOf(judged, warmPiecesOf(steps.offsets, judged, config.sequenceLength));
  const result = await learnEpochs(training, learn, judging);
  context.onProgress(config.epochs, config.epochs);
  return { shape: workspace.extents.shape, buckets, ...result };
}
