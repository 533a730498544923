// Training: all positions are targets; the loss is a sampled softmax over negatives that all rows of a step share, with
// logQ correction (Klenitskiy & Vasilev 2023, "Turning dross into gold loss": SASRec with many negatives; Yi et al. 2019),
// or gBCE (Petrov & Macdonald 2023). A step is cut into a fixed number of shards, which threads take; their gradients are
// summed in order of shard by this thread, which then walks with Adam: lazily, for products that the step met.
//
// Multiplications and additions of one event (d width, f = 2·d hidden, c events seen on average, n negatives, b blocks):
// 6·b·(4·d² + 2·d·f + 2·c·d) + 6·n·d, three quarters of a million at the defaults.

import { checkCancelled } from '../../learning/cancelled';
import type { TrainContext } from '../../learning/trainContext';
import { createWorkerGroup, type WorkerGroup } from '../../learning/workerGroup';
import { adamSettingsLength, writeAdamSettings } from '../../numeric/network/adamSettings';
import { pause } from '../../numeric/pause';
import { createRng, type Rng } from '../../numeric/rng';
import { type Arena, createArena } from '../../numeric/wasm/arena';
import { type NetworkKernels, productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import type { Vocabulary } from '../../snapshot/vocabulary';
import { writeJobs } from './network';
import { drawWindows, type Sequences, type Window } from './sequences';
import type { TransformerConfig } from './settings';
import { parameterPlacesOf, type Shape, shapeOf } from './shape';
import { earlierOf, startParameters } from './start';
import { layOut, type Plan, passOf, type StepPlan, shards, stepScratchLength } from './step';

/** What training gives. */
export interface TrainedNetwork {
  readonly shape: Shape;
  readonly parameters: Float32Array;
  /** [products × width]. */
  readonly embeddings: Float32Array;
  /** Mean loss of an event in the last epoch. */
  readonly loss: number;
}

/** Everything a step works with. */
interface TrainingState {
  readonly config: TransformerConfig;
  readonly sequences: Sequences;
  readonly rng: Rng;
  readonly seed: number;
  readonly arena: Arena;
  readonly kernels: NetworkKernels;
  readonly plan: StepPlan;
  readonly at: Plan;
  readonly words: Uint32Array;
  readonly floats: Float32Array;
  /** Times each product is liked. */
  readonly counts: Float64Array;
  readonly beta: number;
  readonly parameterMoments: Float32Array;
  /** [products × width]: gradients, zeros but for the products of the step at hand. */
  readonly rowGradients: Float32Array;
  /** [products × 2·width]: m then v of each row. */
  readonly rowMoments: Float32Array;
  readonly adamSettings: Float32Array;
  /** Last step that met each product. */
  readonly metAt: Uint32Array;
  readonly met: Uint32Array;
}

const countsOf = ({ productRows }: Sequences, products: number): Float64Array => {
  const counts = new Float64Array(products);
  for (const row of productRows) counts[row]++;
  return counts;
};

function trainingStateOf(
  sequences: Sequences,
  config: TransformerConfig,
  shape: Shape,
  context: TrainContext,
): TrainingState {
  const arena = createArena();
  const { products, width, span } = shape;
  const plan = {
    ...shape,
    capacity: Math.ceil(config.batchSize / shards) + span,
    negatives: 8 * Math.ceil(Math.min(config.negatives, products) / 8),
  };
  const base = arena.float32(layOut({ ...plan, base: 0 }).end / 4).byteOffset;
  const at = layOut({ ...plan, base });
  const scratch = arena.float32(productScratchLength);
  const { length } = parameterPlacesOf(shape);
  const share = Math.min(1, plan.negatives / Math.max(1, products - 1));
  const arrays = {
    parameterMoments: arena.float32(2 * length),
    rowGradients: arena.float32(products * width),
    rowMoments: arena.float32(2 * products * width),
    adamSettings: arena.float32(adamSettingsLength),
  };
  return {
    config,
    sequences,
    rng: createRng(context.seed),
    seed: context.seed,
    arena,
    kernels: networkKernelsOver(arena.memory, scratch.byteOffset),
    plan: { ...plan, base },
    at,
    words: new Uint32Array(arena.memory.buffer),
    floats: new Float32Array(arena.memory.buffer),
    counts: countsOf(sequences, products),
    // Petrov & Macdonald 2023, eq. 9: β = α·(t·(1 - 1/α) + 1/α).
    beta: config.binaryLoss > 0 ? 1 - config.binaryLoss * (1 - share) : 0,
    ...arrays,
    metAt: new Uint32Array(products),
    met: new Uint32Array(products),
  };
}

/** Lets the correction of a negative that only fills the last eight take it out of every sum. */
const never = 1e30;

/** Draws the negatives of a step; all products, once each, where there are no more than were asked for. */
function drawNegatives({
  plan,
  at,
  config,
  words,
  floats,
  rng,
  counts,
  sequences,
  kernels,
}: TrainingState): void {
  const { products, negatives, width } = plan;
  const { productRows } = sequences;
  const [ids, corrections] = [at.negativeIds >> 2, at.corrections >> 2];
  const isWhole = config.negatives >= products && config.binaryLoss === 0;
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
  kernels.gatherRows(at.embeddings, at.negativeIds, negatives, width, 1, at.negativeRows);
}

/** Puts windows into the shards, each into the one with the fewest rows so far. Answers the rows in all. */
function fillShards({ words, at, sequences }: TrainingState, batch: readonly Window[]): number {
  const rows = new Uint32Array(shards);
  const counts = new Uint32Array(shards);
  for (const { start, end } of batch) {
    let least = 0;
    for (let shard = 1; shard < shards; shard++) if (rows[shard] < rows[least]) least = shard;
    const { buffers, targets } = at.shards[least];
    words.set(sequences.productRows.subarray(start, end), (buffers.inputs >> 2) + rows[least]);
    words.set(sequences.productRows.subarray(start + 1, end + 1), (targets >> 2) + rows[least]);
    rows[least] += end - start;
    counts[least]++;
    words[(buffers.offsets >> 2) + counts[least]] = rows[least];
  }
  for (const [shard, { buffers }] of at.shards.entries()) {
    words[buffers.extent >> 2] = rows[shard];
    words[(buffers.extent >> 2) + 1] = counts[shard];
  }
  return rows.reduce((sum, count) => sum + count, 0);
}

/** Notes products as met by a step; answers how many are noted now. */
function noteMet(state: TrainingState, step: number, address: number, count: number, noted: number): number {
  const { words, metAt, met } = state;
  let end = noted;
  for (let place = address >> 2; place < (address >> 2) + count; place++) {
    const row = words[place];
    if (metAt[row] === step) continue;
    metAt[row] = step;
    met[end++] = row;
  }
  return end;
}

/** Sums the shards' gradients in order, and walks: the parameters, and the products met. */
function walk(state: TrainingState, step: number, learningRate: number): void {
  const { kernels, plan, at, config, floats, words } = state;
  const { parameterMoments, rowGradients, rowMoments, adamSettings, met } = state;
  const { width, negatives } = plan;
  const { length } = parameterPlacesOf(plan);
  writeAdamSettings(
    { learningRate, beta1: 0.9, beta2: 0.98, weightDecay: config.regularization },
    step,
    adamSettings,
  );
  const settings = adamSettings.byteOffset;
  const [first, ...others] = at.shards;
  for (const { gradients, negativeGradients } of others) {
    kernels.addInto(gradients, length, first.gradients);
    kernels.addInto(negativeGradients, negatives * width, first.negativeGradients);
  }
  kernels.adam(at.parameters, first.gradients, parameterMoments.byteOffset, length, settings);
  const table = rowGradients.byteOffset;
  kernels.scatterAddRows(first.negativeGradients, at.negativeIds, negatives, width, 1, table);
  let count = noteMet(state, step, at.negativeIds, negatives, 0);
  for (const { buffers, targets, targetRows } of at.shards) {
    const rows = words[buffers.extent >> 2];
    kernels.scatterAddRows(targetRows, targets, rows, width, 1, table);
    kernels.scatterAddRows(buffers.gradient, buffers.inputs, rows, width, Math.sqrt(width), table);
    count = noteMet(state, step, targets, rows, count);
    count = noteMet(state, step, buffers.inputs, rows, count);
  }
  for (let place = 0; place < count; place++) {
    const offset = 4 * met[place] * width;
    const moments = rowMoments.byteOffset + 2 * offset;
    kernels.adam(at.embeddings + offset, table + offset, moments, width, settings);
    floats.fill(0, (table + offset) >> 2, ((table + offset) >> 2) + width);
  }
}

/** Steps over which the rate rises, at most a tenth of all. */
const risingSteps = 200;

/** Rate of a step, with `done` of the whole (0–1) behind it. */
function rateOf(config: TransformerConfig, step: number, done: number): number {
  const rise = Math.min(1, step / risingSteps, Math.max(done, 1e-3) * 10);
  return config.learningRate * rise * (0.05 + 0.95 * 0.5 * (1 + Math.cos(Math.PI * done)));
}

/** Sum of the losses of the step at hand. */
function lossOfStep({ at, words, floats }: TrainingState): number {
  let sum = 0;
  for (const { buffers, losses } of at.shards) {
    const rows = words[buffers.extent >> 2];
    for (let row = 0; row < rows; row++) sum += floats[(losses >> 2) + row];
  }
  return sum;
}

/** The windows of the next step: as many as fit. */
function nextBatch(windows: readonly Window[], from: number, batchSize: number): readonly Window[] {
  let [end, rows] = [from, 0];
  while (end < windows.length) {
    rows += windows[end].end - windows[end].start;
    if (rows > batchSize && end > from) break;
    end++;
  }
  return windows.slice(from, end);
}

/** One step. Answers the sum of its losses. */
async function runStep(
  state: TrainingState,
  workers: WorkerGroup,
  batch: readonly Window[],
  step: number,
  learningRate: number,
): Promise<number> {
  const { plan, config, beta, seed } = state;
  const rows = fillShards(state, batch);
  drawNegatives(state);
  await workers.run('transformer.step', shards, 1, {
    ...plan,
    dropout: config.dropout,
    seed: (Math.imul(step, 0x85ebca6b) + seed) | 0,
    scale: 1 / rows,
    beta,
  });
  walk(state, step, learningRate);
  return lossOfStep(state);
}

/** Runs all epochs. Answers the mean loss of an event in the last. */
async function runEpochs(state: TrainingState, workers: WorkerGroup, context: TrainContext): Promise<number> {
  const { config, sequences, plan, rng } = state;
  let step = 0;
  let loss = Number.NaN;
  for (let epoch = 0; epoch < config.epochs; epoch++) {
    const windows = drawWindows(sequences, plan.span, rng);
    let [sum, done] = [0, 0];
    while (done < windows.length) {
      const batch = nextBatch(windows, done, config.batchSize);
      const share = (epoch + done / windows.length) / config.epochs;
      step++;
      sum += await runStep(state, workers, batch, step, rateOf(config, step, share));
      done += batch.length;
      context.onProgress(Math.round(1000 * (epoch + done / windows.length)), 1000 * config.epochs);
      await pause();
      checkCancelled(context);
    }
    loss = sum / (sequences.productRows.length - (sequences.offsets.length - 1));
  }
  return loss;
}

/**
 * Learns the network from sequences of liked products. From an earlier artifact of the same shape it starts where that
 * ended, products by their ids, and runs a third of the epochs.
 *
 * @param config - with all that was left open chosen
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
  const settings = earlier ? { ...config, epochs: Math.ceil(config.epochs / 3) } : config;
  const state = trainingStateOf(sequences, settings, shape, context);
  const { arena, at, kernels, plan, floats, rng } = state;
  const workers = createWorkerGroup(arena, context, stepScratchLength);
  const view = (address: number, length: number) => floats.subarray(address >> 2, (address >> 2) + length);
  const parameters = view(at.parameters, parameterPlacesOf(shape).length);
  const embeddings = view(at.embeddings, shape.products * shape.width);
  startParameters({ shape, products, parameters, embeddings }, rng, earlier);
  for (let shard = 0; shard < shards; shard++) {
    writeJobs(passOf(arena.memory, kernels, plan, { plan: at, shard }, { dropout: 0, seed: 0 }));
  }
  try {
    const loss = await runEpochs(state, workers, context);
    return { shape, parameters: parameters.slice(), embeddings: embeddings.slice(), loss };
  } finally {
    workers.dismiss();
  }
}
