import { addressSpace } from '../../learning/addressSpace';
import { shardCount, shardTask } from '../../learning/shards';
import { learningTasks } from '../../learning/update';
import type { ChunkedPayload } from '../../learning/workerGroup';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import { type Buffers, backward, buffersFrom, forward, type Pass, passOver } from './network';
import { parameterPlacesOf, type Shape } from './shape';

/** Rows whose scores of all negatives are in the cache together. */
const rowsAtOnce = 64;

/** Sizes and the base address of a step's arrays, as plain numbers: every thread computes the same layout from them. */
export interface StepSizes extends Shape {
  /** Address of the first array, see {@link layOut}. */
  readonly base: number;
  /** Most rows per shard. */
  readonly capacity: number;
  /** Negatives per step, a multiple of 8. */
  readonly negatives: number;
}

/** Addresses of one shard. */
export interface ShardLayout {
  readonly buffers: Buffers;
  /** float32: gradients of the parameters. */
  readonly gradients: number;
  /** uint32 [rows]. */
  readonly targets: number;
  /** float32 [rows × width]: embeddings of the targets; after the loss their gradients. */
  readonly targetRows: number;
  /** float32 [negatives × width]: gradients. */
  readonly negativeGradients: number;
  /** float32 [rowsAtOnce × negatives]. */
  readonly logits: number;
  /** float32 [rows]. */
  readonly positives: number;
  /** float32 [rows]. */
  readonly losses: number;
  /** A loss job for up to rowsAtOnce rows. */
  readonly job: number;
}

/** Addresses of everything that a step works with. */
export interface StepLayout {
  readonly parameters: number;
  /** float32 [products × width]. */
  readonly embeddings: number;
  /** uint32 [1]: the number of negatives. */
  readonly negativeCount: number;
  /** uint32 [negatives]. */
  readonly negativeIds: number;
  /** float32 [negatives]: log of the expected draws of each. */
  readonly corrections: number;
  /** float32 [negatives × width]. */
  readonly negativeRows: number;
  readonly shards: readonly ShardLayout[];
  /** First address after everything. */
  readonly end: number;
}

/** The layout of a step: the same on every thread. */
export function layOut(sizes: StepSizes): StepLayout {
  const { width, negatives, capacity } = sizes;
  const { take, end } = addressSpace(sizes.base);
  const { length } = parameterPlacesOf(sizes);
  const shared = {
    parameters: take(length),
    embeddings: take(sizes.products * width),
    negativeCount: take(1),
    negativeIds: take(negatives),
    corrections: take(negatives),
    negativeRows: take(negatives * width),
  };
  const shards = Array.from({ length: shardCount }, () => ({
    buffers: buffersFrom(sizes, capacity, take),
    gradients: take(length),
    targets: take(capacity),
    targetRows: take(capacity * width),
    negativeGradients: take(negatives * width),
    logits: take(rowsAtOnce * negatives),
    positives: take(capacity),
    losses: take(capacity),
    job: take(8),
  }));
  return { ...shared, shards, end: end() };
}

/** Payload of a step. */
interface StepPayload extends ChunkedPayload, StepSizes {
  readonly dropout: number;
  readonly seed: number;
  /** Factor of the gradients: 1 / rows of the batch. */
  readonly scale: number;
  /** β of gBCE; 0 for sampled softmax. */
  readonly beta: number;
}

/** The pass of a shard. */
export function passOf(
  memory: WebAssembly.Memory,
  kernels: NetworkKernels,
  sizes: StepSizes,
  at: { readonly layout: StepLayout; readonly shard: number },
  noise: { readonly dropout: number; readonly seed: number },
): Pass {
  const { buffers, gradients } = at.layout.shards[at.shard];
  const { parameters, embeddings } = at.layout;
  const seed = (noise.seed + Math.imul(at.shard + 1, 0x9e3779b9)) | 0;
  return passOver(memory, {
    kernels,
    shape: sizes,
    parameters,
    embeddings,
    gradients,
    buffers,
    dropout: noise.dropout,
    seed,
  });
}

/** Loss and its gradients for up to rowsAtOnce rows from `first` on. */
function computeLoss(
  payload: StepPayload,
  layout: StepLayout,
  shard: ShardLayout,
  pass: Pass,
  first: number,
): void {
  const { kernels, words, buffers } = pass;
  const { width, negatives, scale, beta } = payload;
  const rows = Math.min(rowsAtOnce, words[buffers.extent >>> 2] - first);
  const offset = 4 * first * width;
  const [state, targetRows] = [buffers.state + offset, shard.targetRows + offset];
  const positives = shard.positives + 4 * first;
  kernels.gatherRows(layout.embeddings, shard.targets + 4 * first, rows, width, 1, targetRows);
  kernels.rowDots(state, targetRows, rows, width, positives);
  kernels.multiplyTransposed(state, layout.negativeRows, shard.logits, rows, width, negatives);
  words.set(
    [
      shard.logits,
      positives,
      shard.targets + 4 * first,
      layout.negativeIds,
      layout.corrections,
      shard.losses + 4 * first,
      negatives,
    ],
    shard.job >>> 2,
  );
  if (beta > 0) kernels.binaryCrossEntropy(shard.job, rows, scale, beta);
  else kernels.sampledSoftmax(shard.job, rows, scale);
  kernels.multiply(shard.logits, layout.negativeRows, buffers.gradient + offset, rows, negatives, width);
  kernels.addScaledRows(targetRows, positives, rows, width, buffers.gradient + offset);
  kernels.addTransposedMultiply(shard.logits, state, shard.negativeGradients, negatives, rows, width);
  pass.floats.fill(0, targetRows >>> 2, (targetRows >>> 2) + rows * width);
  kernels.addScaledRows(state, positives, rows, width, targetRows);
}

/** Forward pass, loss and backward pass of one shard. */
function computeGradients(payload: StepPayload, index: number, kernels: NetworkKernels): void {
  const layout = layOut(payload);
  const shard = layout.shards[index];
  const pass = passOf(payload.memory, kernels, payload, { layout, shard: index }, payload);
  const { floats, words, buffers } = pass;
  const { width, negatives } = payload;
  const zero = (address: number, count: number) => floats.fill(0, address >>> 2, (address >>> 2) + count);
  zero(shard.gradients, pass.places.length);
  zero(shard.negativeGradients, negatives * width);
  const rows = words[buffers.extent >>> 2];
  if (rows === 0) return;
  forward(pass);
  for (let first = 0; first < rows; first += rowsAtOnce) computeLoss(payload, layout, shard, pass, first);
  backward(pass);
}

/** Tasks that training runs on threads. */
export const transformerTasks = {
  'transformer.gradients': shardTask(computeGradients),
  ...learningTasks,
} as const;
