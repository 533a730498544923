import { checkCancelled } from '../../learning/cancelled';
import { linearDecay } from '../../learning/schedule';
import { shardCount } from '../../learning/shards';
import type { TrainContext } from '../../learning/trainContext';
import { runTrainingLoop, type TrainableNetwork } from '../../learning/trainingLoop';
import { createWorkerGroup, type WorkerGroup } from '../../learning/workerGroup';
import type { Csr } from '../../numeric/csr';
import { createRng, type Rng } from '../../numeric/rng';
import { createArena } from '../../numeric/wasm/arena';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import type { Snapshot } from '../../snapshot/snapshot';
import { type Batch, type Contrast, contrastPairs, contrastRuns, createContrast } from './contrast';
import { batchesOf, drawRuns, histories, type LikedProducts, logShares } from './runs';
import type { TextEncoderConfig } from './settings';
import { type Block, layoutOf, type Shape } from './shape';
import { createLexicon, type Lexicon, type ProductTexts, textsOf, wholeText } from './texts';
import { viewOf, viewPair } from './views';
import {
  createWorkspace,
  shardGradientsOf,
  type TextInput,
  type Workspace,
  workspaceScratchLength,
  writeTexts,
} from './workspace';

/** Trained parameters, and the vectors of products. */
export interface TrainedEncoder {
  readonly table: Float32Array;
  readonly dense: Float32Array;
  /** [products × D], each of length 1. */
  readonly vectors: Float32Array;
}

/** Pairs of texts in a step, as a share of the products of its runs. */
const pairShare = 0.25;

/** Everything that a training works with. */
interface Training {
  readonly config: TextEncoderConfig;
  readonly shape: Shape;
  readonly workers: WorkerGroup;
  readonly workspace: Workspace;
  readonly kernels: NetworkKernels;
  readonly contrast: Contrast;
  readonly table: Float32Array;
  readonly dense: Float32Array;
  /** Gradients of the map and its offset, which the loss reads on the calling thread. */
  readonly mapGradient: Float32Array;
  readonly rng: Rng;
  readonly lexicon: Lexicon;
  readonly texts: readonly ProductTexts[];
  /** [products × inputs] external vectors; empty without. */
  readonly external: Float32Array;
  /** Products with two texts. */
  readonly paired: readonly number[];
  /** λ·log Q by product row. */
  readonly corrections: Float32Array;
}

const floatsAt = (workers: WorkerGroup, address: number, length: number): Float32Array =>
  new Float32Array(workers.arena.memory.buffer, address, length);

/** Deviation of the first vectors of buckets. */
const tableDeviation = 0.1;

/** Draws first parameters. */
function drawParameters({ shape, table, dense, rng }: Training): void {
  for (let k = 0; k < table.length; k++) table[k] = tableDeviation * rng.gaussian();
  for (const { offset, length: size, start, fanIn } of layoutOf(shape).blocks.values()) {
    const own = dense.subarray(offset, offset + size);
    if (start === 'normal') for (let k = 0; k < size; k++) own[k] = rng.gaussian() / Math.sqrt(fanIn);
    if (start === 'norm') own.fill(1, 0, size / 2);
    if (start === 'identity') for (let k = 0; k < shape.dimensions; k++) own[k * shape.dimensions + k] = 1;
  }
}

/** External vectors, each padded and scaled to length 1; none where the shape has none. */
function externalVectorsOf({ documentVectors, products }: Snapshot, inputs: number): Float32Array {
  const out = new Float32Array(products.size * inputs);
  if (documentVectors === undefined || inputs === 0) return out;
  const { dimensions, rows } = documentVectors;
  for (let row = 0; row < products.size; row++) {
    const own = rows.subarray(row * dimensions, (row + 1) * dimensions);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let k = 0; k < dimensions; k++) out[row * inputs + k] = own[k] / length;
  }
  return out;
}

/** The texts of all products, and which products have two. */
function productTextsOf({ documents, products }: Snapshot, lexicon: Lexicon) {
  const texts = Array.from({ length: products.size }, (_, row) =>
    textsOf(documents?.[row] ?? null, products.idOf(row), lexicon),
  );
  const paired = texts.flatMap((text, row) =>
    text.titles.length > 0 && text.titles.length + text.others.length > 1 ? [row] : [],
  );
  return { texts, paired };
}

function createTraining(
  snapshot: Snapshot,
  liked: readonly LikedProducts[],
  shape: Shape,
  config: TextEncoderConfig,
  workers: WorkerGroup,
  seed: number,
): Training {
  const { arena } = workers;
  const { dimensions: d, buckets } = shape;
  const pairs = Math.ceil(config.batchSize * pairShare);
  const products = Math.max(config.batchSize, config.window) + config.window;
  const lexicon = createLexicon(buckets);
  // Eight rows to spare: products of matrices write up to a multiple of 8.
  const workspace = createWorkspace(arena, shape, products + 2 * pairs + 8, true);
  const contrast = createContrast(arena, d, products, pairs);
  return {
    config,
    shape,
    workers,
    workspace,
    kernels: networkKernelsOver(arena.memory, arena.float32(workspaceScratchLength(shape)).byteOffset),
    contrast,
    table: floatsAt(workers, workspace.table, buckets * d),
    dense: floatsAt(workers, workspace.dense, layoutOf(shape).length),
    mapGradient: arena.float32(d * d + d),
    rng: createRng(seed),
    lexicon,
    ...productTextsOf(snapshot, lexicon),
    external: externalVectorsOf(snapshot, shape.inputs),
    corrections: logShares(liked, snapshot.products.size).map(share => config.logQCorrection * share),
  };
}

const externalRow = ({ external, shape }: Training, product: number): Float32Array | null =>
  shape.inputs === 0 ? null : external.subarray(product * shape.inputs, (product + 1) * shape.inputs);

/** The batch of some runs, as the loss reads it. */
function batchOf({ config, paired, corrections }: Training, runs: readonly Uint32Array[]): Batch {
  const rows = runs.flatMap(run => [...run]);
  const wantedPairs = Math.ceil(config.batchSize * pairShare);
  return {
    runs: Uint32Array.from(runs.flatMap((run, index) => [...run].fill(index))),
    products: Uint32Array.from(rows),
    corrections: Float32Array.from(rows, row => corrections[row]),
    pairs: config.alignment > 0 ? Math.min(wantedPairs, paired.length) : 0,
  };
}

/** Texts of a batch: a view of each product, then the left and the right texts of the pairs. */
function inputTextsOf(training: Training, batch: Batch): readonly TextInput[] {
  const { config, texts, rng, paired } = training;
  const views: TextInput[] = Array.from(batch.products, product => ({
    words: viewOf(texts[product], config, rng),
    external: externalRow(training, product),
  }));
  const [left, right]: [TextInput[], TextInput[]] = [[], []];
  for (let pair = 0; pair < batch.pairs; pair++) {
    const product = paired[rng.int(paired.length)];
    const [own, other] = viewPair(texts[product], config, rng);
    left.push({ words: own, external: null });
    right.push({ words: other, external: null });
  }
  return [...views, ...left, ...right];
}

/** Computes the gradients of the loss with respect to the vectors that were read, and to the map and its offset. */
function computeLoss(training: Training, batch: Batch): void {
  const { shape, workers, workspace, kernels, contrast, config, dense, mapGradient } = training;
  const { dimensions: d } = shape;
  const { blocks } = layoutOf(shape);
  const rows = shardCount * workspace.texts;
  const vectors = floatsAt(workers, workspace.vectors, rows * d);
  const gradients = floatsAt(workers, workspace.vectorGradients, rows * d);
  gradients.fill(0);
  mapGradient.fill(0);
  const block = (name: Block): Float32Array => {
    const { offset = 0, length: size = 0 } = blocks.get(name) ?? {};
    return dense.subarray(offset, offset + size);
  };
  const arrays = {
    vectors,
    gradients,
    map: block('map'),
    mapGradient: mapGradient.subarray(0, d * d),
    offset: block('mapOffset'),
    offsetGradient: mapGradient.subarray(d * d),
  };
  const { temperature, alignment } = config;
  contrastRuns(contrast, kernels, batch, arrays, temperature);
  if (batch.pairs < 2) return;
  const side = (row: number) => ({
    vectors: vectors.subarray(row * d),
    gradients: gradients.subarray(row * d),
  });
  const count = batch.products.length;
  const sides = { left: side(count), right: side(count + batch.pairs) };
  contrastPairs(contrast, kernels, batch.pairs, sides, { temperature, weight: alignment });
}

/** Adds the gradients of the map and its offset, the last two blocks, to those of the first shard. */
function addMapGradient({ kernels, mapGradient, shape, workspace }: Training): void {
  const offset = layoutOf(shape).blocks.get('map')?.offset ?? 0;
  kernels.addInto(mapGradient.byteOffset, mapGradient.length, workspace.denseGradients + 4 * offset);
}

/** The network as the training loop takes it. A batch is a list of runs. */
function trainableOf(
  training: Training,
  liked: readonly LikedProducts[],
): TrainableNetwork<readonly Uint32Array[]> {
  const { config, shape, workers, workspace, table, dense, lexicon, rng } = training;
  const { window, windowsPerEpoch, batchSize } = config;
  return {
    parameters: { dense, tables: [{ values: table, columns: shape.dimensions }] },
    shards: shardGradientsOf(workers.arena, workspace),
    drawBatches: () => batchesOf(drawRuns(liked, window, windowsPerEpoch, rng), batchSize),
    async computeGradients(runs) {
      const batch = batchOf(training, runs);
      writeTexts(workers.arena, workspace, inputTextsOf(training, batch), lexicon);
      await workers.run('textEncoder.read', shardCount, 1, workspace);
      computeLoss(training, batch);
      await workers.run('textEncoder.readBackward', shardCount, 1, workspace);
      addMapGradient(training);
    },
  };
}

/** Reads all products, as many at a time as the workspace holds. @returns [products × D] */
async function readProducts(training: Training): Promise<Float32Array> {
  const { workers, workspace, lexicon, shape, texts } = training;
  const { dimensions: d } = shape;
  const textsAtOnce = shardCount * workspace.texts;
  const out = new Float32Array(texts.length * d);
  for (let first = 0; first < texts.length; first += textsAtOnce) {
    const inputTexts = texts.slice(first, first + textsAtOnce).map((text, place) => ({
      words: wholeText(text, shape.tokens),
      external: externalRow(training, first + place),
    }));
    writeTexts(workers.arena, workspace, inputTexts, lexicon);
    await workers.run('textEncoder.read', shardCount, 1, workspace);
    out.set(floatsAt(workers, workspace.vectors, inputTexts.length * d), first * d);
  }
  return out;
}

/** Share of the learning rate that training ends with. */
const finalRateShare = 0.1;

/**
 * Trains an encoder of a shop's products on the products that its shoppers like together.
 *
 * @throws {GatewayError} CANCELLED
 * @throws {RangeError} when it takes more than 4 GiB
 */
export async function trainTextEncoder(
  snapshot: Snapshot,
  preferences: Csr,
  shape: Shape,
  config: TextEncoderConfig,
  context: TrainContext,
): Promise<TrainedEncoder> {
  checkCancelled(context);
  const liked = histories(snapshot, preferences);
  const workers = createWorkerGroup(createArena(), context, workspaceScratchLength(shape));
  try {
    const training = createTraining(snapshot, liked, shape, config, workers, context.seed);
    const { table, dense } = training;
    drawParameters(training);
    const { epochs, learningRate } = config;
    const options = { epochs, schedule: linearDecay(learningRate, finalRateShare) };
    await runTrainingLoop(trainableOf(training, liked), workers, options, context);
    return { table: table.slice(), dense: dense.slice(), vectors: await readProducts(training) };
  } finally {
    workers.dismiss();
  }
}
