import type { TrainContext } from '../../learning/trainContext';
import { createWorkerGroup, type WorkerGroup } from '../../learning/workerGroup';
import type { Csr } from '../../numeric/csr';
import { adamSettingsLength, writeAdamSettings } from '../../numeric/network/adamSettings';
import { pause } from '../../numeric/pause';
import { createRng, type Rng } from '../../numeric/rng';
import { type Arena, createArena } from '../../numeric/wasm/arena';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import type { Snapshot } from '../../snapshot/snapshot';
import { type Batch, type Contrast, contrastPairs, contrastRuns, createContrast } from './contrast';
import { drawRuns, histories, logShares } from './runs';
import type { TextEncoderConfig } from './settings';
import { type Block, layoutOf, type Shape } from './shape';
import { createLexicon, type Lexicon, type ProductTexts, textsOf, wholeText } from './texts';
import { viewOf, viewPair } from './views';
import {
  layOut,
  type Sheet,
  setUpWorkspace,
  shards,
  type Workspace,
  workspaceScratchLength,
} from './workspace';

/** What training gives. */
export interface Learned {
  readonly table: Float32Array;
  readonly dense: Float32Array;
  /** [products × D], each of length 1. */
  readonly vectors: Float32Array;
}

/** Pairs of texts of one product in a step, to one product of a run. */
const pairShare = 0.25;

/** Everything a step works with. */
interface TrainingState {
  readonly config: TextEncoderConfig;
  readonly shape: Shape;
  readonly arena: Arena;
  readonly workers: WorkerGroup;
  readonly workspace: Workspace;
  readonly kernels: NetworkKernels;
  readonly contrast: Contrast;
  readonly denseMoments: Float32Array;
  readonly rng: Rng;
  readonly lexicon: Lexicon;
  readonly texts: readonly ProductTexts[];
  /** [products × inputs], or none. */
  readonly given: Float32Array;
  /** Products with two texts to tell apart. */
  readonly paired: readonly number[];
  /** λ·log Q by product row. */
  readonly corrections: Float32Array;
}

const floats = ({ arena }: Pick<TrainingState, 'arena'>, address: number, length: number): Float32Array =>
  new Float32Array(arena.memory.buffer, address, length);

const betas = { beta1: 0.9, beta2: 0.999, weightDecay: 0 };
/** Spread of the first vectors of buckets. */
const tableSpread = 0.1;

/** First parameters. */
function draw(state: TrainingState): void {
  const { shape, workspace, rng } = state;
  const { blocks, length } = layoutOf(shape);
  const table = floats(state, workspace.table, shape.buckets * shape.dimensions);
  for (let k = 0; k < table.length; k++) table[k] = tableSpread * rng.gaussian();
  const dense = floats(state, workspace.dense, length);
  for (const { offset, length: size, start, fanIn } of blocks.values()) {
    const own = dense.subarray(offset, offset + size);
    if (start === 'normal') for (let k = 0; k < size; k++) own[k] = rng.gaussian() / Math.sqrt(fanIn);
    if (start === 'norm') own.fill(1, 0, size / 2);
    if (start === 'identity') for (let k = 0; k < shape.dimensions; k++) own[k * shape.dimensions + k] = 1;
  }
}

/** Vectors from outside, each of length 1 and padded; none where the shape has none. */
function givenOf({ documentVectors, products }: Snapshot, inputs: number): Float32Array {
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

function studioOf(
  snapshot: Snapshot,
  liked: readonly Uint32Array[],
  shape: Shape,
  config: TextEncoderConfig,
  context: TrainContext,
): TrainingState {
  const arena = createArena();
  const workers = createWorkerGroup(arena, context, workspaceScratchLength(shape));
  const pairs = Math.ceil(config.batchSize * pairShare);
  const products = config.batchSize + config.window;
  const lexicon = createLexicon(shape.buckets);
  const { documents } = snapshot;
  const texts = Array.from({ length: snapshot.products.size }, (_, row) =>
    textsOf(documents?.[row] ?? null, snapshot.products.idOf(row), lexicon),
  );
  return {
    config,
    shape,
    arena,
    workers,
    // Eight rows to spare: products of matrices write up to a multiple of 8.
    workspace: setUpWorkspace(arena, shape, products + 2 * pairs + 8, true),
    kernels: networkKernelsOver(arena.memory, arena.float32(workspaceScratchLength(shape)).byteOffset),
    contrast: createContrast(arena, shape.dimensions, products, pairs),
    denseMoments: arena.float32(2 * layoutOf(shape).length),
    rng: createRng(context.seed),
    lexicon,
    texts,
    given: givenOf(snapshot, shape.inputs),
    paired: texts.flatMap((text, row) =>
      text.titles.length > 0 && text.titles.length + text.others.length > 1 ? [row] : [],
    ),
    corrections: logShares(liked, texts.length).map(share => config.logQCorrection * share),
  };
}

const givenRow = ({ given, shape }: TrainingState, product: number): Float32Array | null =>
  shape.inputs === 0 ? null : given.subarray(product * shape.inputs, (product + 1) * shape.inputs);

const work = (state: TrainingState, task: 'read' | 'back' | 'update'): Promise<void> =>
  state.workers.run(`textEncoder.${task}`, shards, 1, state.workspace);

/** Takes runs from the front until the batch is full. */
function nextBatch(
  state: TrainingState,
  runs: readonly Uint32Array[],
  first: number,
): { batch: Batch; next: number } {
  const { config, paired, corrections } = state;
  const rows: number[] = [];
  const owners: number[] = [];
  let next = first;
  while (next < runs.length && rows.length < config.batchSize) {
    for (const product of runs[next]) {
      rows.push(product);
      owners.push(next);
    }
    next++;
  }
  const wished = Math.ceil(config.batchSize * pairShare);
  const pairs = config.alignment > 0 ? Math.min(wished, paired.length) : 0;
  return {
    batch: {
      runs: Uint32Array.from(owners),
      products: Uint32Array.from(rows),
      corrections: Float32Array.from(rows, row => corrections[row]),
      pairs,
    },
    next,
  };
}

/** Texts of a batch: a view of each product, then both sides of the pairs. */
function sheetsOf(state: TrainingState, batch: Batch): readonly Sheet[] {
  const { config, texts, rng, paired } = state;
  const sheets: Sheet[] = Array.from(batch.products, product => ({
    words: viewOf(texts[product], config, rng),
    given: givenRow(state, product),
  }));
  const [left, right]: [Sheet[], Sheet[]] = [[], []];
  for (let pair = 0; pair < batch.pairs; pair++) {
    const product = paired[rng.int(paired.length)];
    const [own, other] = viewPair(texts[product], config, rng);
    left.push({ words: own, given: null });
    right.push({ words: other, given: null });
  }
  return [...sheets, ...left, ...right];
}

/** Loss of what was read, and its gradients, into the workspace. Gradients of the map go to the first shard's. */
function contrast(state: TrainingState, batch: Batch, mapGradient: Float32Array): number {
  const { shape, workspace, kernels, contrast: room, config } = state;
  const { dimensions: d } = shape;
  const { blocks, length } = layoutOf(shape);
  const rows = shards * workspace.texts;
  const vectors = floats(state, workspace.vectors, rows * d);
  const gradients = floats(state, workspace.vectorGradients, rows * d);
  gradients.fill(0);
  const dense = floats(state, workspace.dense, length);
  const block = (from: Float32Array, name: Block): Float32Array => {
    const { offset = 0, length: size = 0 } = blocks.get(name) ?? {};
    return from.subarray(offset, offset + size);
  };
  const count = batch.products.length;
  const places = {
    vectors,
    gradients,
    map: block(dense, 'map'),
    mapGradient: block(mapGradient, 'map'),
    offset: block(dense, 'mapOffset'),
    offsetGradient: block(mapGradient, 'mapOffset'),
  };
  const { temperature, alignment } = config;
  const loss = contrastRuns(room, kernels, batch, places, temperature);
  if (batch.pairs < 2) return loss;
  const side = (row: number) => ({
    vectors: vectors.subarray(row * d),
    gradients: gradients.subarray(row * d),
  });
  const sides = { left: side(count), right: side(count + batch.pairs) };
  return loss + contrastPairs(room, kernels, batch.pairs, sides, { temperature, weight: alignment });
}

/** Sums the shards' gradients in their order, and takes a step of Adam. */
function stepDense(state: TrainingState, mapGradient: Float32Array): void {
  const { shape, workspace, kernels, denseMoments } = state;
  const { length } = layoutOf(shape);
  const sum = mapGradient.byteOffset;
  for (let shard = 0; shard < shards; shard++)
    kernels.addInto(workspace.denseGradients + 4 * shard * length, length, sum);
  kernels.adam(workspace.dense, sum, denseMoments.byteOffset, length, workspace.adam);
}

/** One epoch over runs; answers the mean loss of its steps. */
async function learnRuns(
  state: TrainingState,
  runs: readonly Uint32Array[],
  progress: { done: number; readonly total: number; readonly tell: () => void },
  mapGradient: Float32Array,
): Promise<number> {
  const { arena, workspace, lexicon, config } = state;
  const adam = floats(state, workspace.adam, adamSettingsLength);
  let sum = 0;
  let steps = 0;
  for (let first = 0; first < runs.length; ) {
    const { batch, next } = nextBatch(state, runs, first);
    // What is left over at the end may be one run alone, which has no negatives.
    if (next - first < 2) break;
    layOut(arena, workspace, sheetsOf(state, batch), lexicon);
    await work(state, 'read');
    mapGradient.fill(0);
    sum += contrast(state, batch, mapGradient);
    steps++;
    await work(state, 'back');
    const share = progress.done / progress.total;
    writeAdamSettings(
      { ...betas, learningRate: config.learningRate * (1 - 0.9 * Math.min(1, share)) },
      ++progress.done,
      adam,
    );
    await work(state, 'update');
    stepDense(state, mapGradient);
    progress.tell();
    await pause();
    first = next;
  }
  return sum / Math.max(1, steps);
}

/** Reads sheets, a workspace's worth at a time. @returns [sheets × D] */
async function readAll(
  state: Pick<TrainingState, 'arena' | 'workspace' | 'lexicon' | 'shape'>,
  workers: WorkerGroup,
  sheets: readonly Sheet[],
) {
  const { arena, workspace, lexicon, shape } = state;
  const { dimensions: d } = shape;
  const atOnce = shards * workspace.texts;
  const out = new Float32Array(sheets.length * d);
  for (let first = 0; first < sheets.length; first += atOnce) {
    const own = sheets.slice(first, first + atOnce);
    layOut(arena, workspace, own, lexicon);
    await workers.run('textEncoder.read', shards, 1, workspace);
    out.set(floats(state, workspace.vectors, own.length * d), first * d);
  }
  return out;
}

/**
 * Learns to read a shop's products from what its shoppers like together.
 *
 * @param onEpoch - told of the mean loss of each epoch
 * @throws {GatewayError} CANCELLED
 */
export async function learnToRead(
  snapshot: Snapshot,
  preferences: Csr,
  shape: Shape,
  config: TextEncoderConfig,
  context: TrainContext,
  onEpoch: (loss: number) => void = () => undefined,
): Promise<Learned> {
  const liked = histories(snapshot, preferences);
  const state = studioOf(snapshot, liked, shape, config, context);
  try {
    draw(state);
    const mapGradient = state.arena.float32(layoutOf(shape).length);
    const perEpoch = stepsOf(liked, config);
    const total = perEpoch * config.epochs;
    const progress = {
      done: 0,
      total,
      tell: () => context.onProgress(Math.min(progress.done, total), total),
    };
    for (let epoch = 0; epoch < config.epochs; epoch++) {
      const runs = drawRuns(liked, config.window, config.windowsPerEpoch, state.rng);
      onEpoch(await learnRuns(state, runs, progress, mapGradient));
    }
    const sheets = state.texts.map((text, product) => ({
      words: wholeText(text, shape.tokens),
      given: givenRow(state, product),
    }));
    const vectors = await readAll(state, state.workers, sheets);
    return {
      table: floats(state, state.workspace.table, shape.buckets * shape.dimensions).slice(),
      dense: floats(state, state.workspace.dense, layoutOf(shape).length).slice(),
      vectors,
    };
  } finally {
    state.workers.dismiss();
  }
}

/** Steps of an epoch, about. */
function stepsOf(
  liked: readonly Uint32Array[],
  { window, windowsPerEpoch, batchSize }: TextEncoderConfig,
): number {
  const products = liked.reduce((sum, { length }) => sum + length, 0);
  return Math.max(1, Math.ceil(Math.min(products, windowsPerEpoch * window) / batchSize));
}
