import { type ChunkedPayload, takeChunks, taskOf } from '../../learning/workerGroup';
import type { NetworkKernels } from '../../numeric/wasm/networkKernels';
import { productScratchLength } from '../../numeric/wasm/networkKernels';
import { networkKernelsOver } from '../../numeric/wasm/networkKernelsOver';
import { type Buffers, backward, buffersFrom, forward, type Pass, passOver } from './network';
import { parameterPlacesOf, type Shape } from './shape';

/**
 * Parts of a batch. Fixed, so that sums of gradients run in one order on any number of threads, and a model has the same
 * bytes on all of them.
 */
export const shards = 8;

/** Rows whose scores of all negatives are in the cache together. */
const rowsAtOnce = 64;

/** Scratch of a thread. */
export const stepScratchLength = productScratchLength;

/** What a step needs to find its way in memory, as plain numbers. */
export interface StepPlan extends Shape {
  /** Address of the parameters; the embeddings, the negatives' rows and the shards follow. */
  readonly base: number;
  /** Most rows of a shard. */
  readonly capacity: number;
  /** Negatives of a step, a multiple of 8. */
  readonly negatives: number;
}

/** Addresses of one shard. */
export interface Shard {
  readonly buffers: Buffers;
  /** Gradients of the parameters. */
  readonly gradients: number;
  /** uint32 [rows]. */
  readonly targets: number;
  /** [rows × width]: embeddings of the targets; then their gradients. */
  readonly targetRows: number;
  /** [negatives × width]: gradients. */
  readonly negativeGradients: number;
  readonly logits: number;
  /** [rows]. */
  readonly positives: number;
  /** [rows]. */
  readonly losses: number;
  /** A loss job for the rows at hand. */
  readonly job: number;
}

/** Addresses of everything. */
export interface Plan {
  readonly parameters: number;
  readonly embeddings: number;
  /** uint32 [negatives]. */
  readonly negativeIds: number;
  readonly corrections: number;
  /** [negatives × width]. */
  readonly negativeRows: number;
  readonly shards: readonly Shard[];
  readonly end: number;
}

/** Lays everything out: the same on every thread. */
export function layOut(plan: StepPlan): Plan {
  let top = plan.base;
  const take = (words: number): number => {
    const address = top;
    top += 64 * Math.ceil(words / 16);
    return address;
  };
  const { width, negatives, capacity } = plan;
  const { length } = parameterPlacesOf(plan);
  const shared = {
    parameters: take(length),
    embeddings: take(plan.products * width),
    negativeIds: take(negatives),
    corrections: take(negatives),
    negativeRows: take(negatives * width),
  };
  const laid = Array.from({ length: shards }, () => {
    const buffers = buffersFrom(plan, capacity, top);
    top = buffers.end;
    return {
      buffers,
      gradients: take(length),
      targets: take(capacity),
      targetRows: take(capacity * width),
      negativeGradients: take(negatives * width),
      logits: take(rowsAtOnce * negatives),
      positives: take(capacity),
      losses: take(capacity),
      job: take(8),
    };
  });
  return { ...shared, shards: laid, end: top };
}

/** A step's payload. */
interface StepPayload extends ChunkedPayload, StepPlan {
  readonly dropout: number;
  readonly seed: number;
  /** Times the gradients: 1 / rows of the batch. */
  readonly scale: number;
  /** β of gBCE; 0 for sampled softmax. */
  readonly beta: number;
}

/** The pass of a shard. */
export function passOf(
  memory: WebAssembly.Memory,
  kernels: NetworkKernels,
  plan: StepPlan,
  at: { readonly plan: Plan; readonly shard: number },
  noise: { readonly dropout: number; readonly seed: number },
): Pass {
  const { buffers, gradients } = at.plan.shards[at.shard];
  const { parameters, embeddings } = at.plan;
  const seed = (noise.seed + Math.imul(at.shard + 1, 0x9e3779b9)) | 0;
  return passOver(memory, {
    kernels,
    shape: plan,
    parameters,
    embeddings,
    gradients,
    buffers,
    dropout: noise.dropout,
    seed,
  });
}

/** Loss and its gradients for some rows from `first` on. */
function lossOf(payload: StepPayload, plan: Plan, shard: Shard, pass: Pass, first: number): void {
  const { kernels, words, buffers } = pass;
  const { width, negatives, scale, beta } = payload;
  const rows = Math.min(rowsAtOnce, words[buffers.extent >> 2] - first);
  const offset = 4 * first * width;
  const [state, targetRows] = [buffers.state + offset, shard.targetRows + offset];
  const positives = shard.positives + 4 * first;
  kernels.gatherRows(plan.embeddings, shard.targets + 4 * first, rows, width, 1, targetRows);
  kernels.rowDots(state, targetRows, rows, width, positives);
  kernels.multiplyTransposed(state, plan.negativeRows, shard.logits, rows, width, negatives);
  words.set(
    [
      shard.logits,
      positives,
      shard.targets + 4 * first,
      plan.negativeIds,
      plan.corrections,
      shard.losses + 4 * first,
      negatives,
    ],
    shard.job >> 2,
  );
  if (beta > 0) kernels.binaryCrossEntropy(shard.job, rows, scale, beta);
  else kernels.sampledSoftmax(shard.job, rows, scale);
  kernels.multiply(shard.logits, plan.negativeRows, buffers.gradient + offset, rows, negatives, width);
  kernels.addScaledRows(targetRows, positives, rows, width, buffers.gradient + offset);
  kernels.addTransposedMultiply(shard.logits, state, shard.negativeGradients, negatives, rows, width);
  pass.floats.fill(0, targetRows >> 2, (targetRows >> 2) + rows * width);
  kernels.addScaledRows(state, positives, rows, width, targetRows);
}

/** Forward, loss and backward of one shard. */
function stepShard(payload: StepPayload, plan: Plan, kernels: NetworkKernels, index: number): void {
  const shard = plan.shards[index];
  const pass = passOf(payload.memory, kernels, payload, { plan, shard: index }, payload);
  const { floats, words, buffers } = pass;
  const zero = (address: number, count: number) => floats.fill(0, address >> 2, (address >> 2) + count);
  zero(shard.gradients, pass.places.length);
  zero(shard.negativeGradients, payload.negatives * payload.width);
  const rows = words[buffers.extent >> 2];
  if (rows === 0) return;
  forward(pass);
  for (let first = 0; first < rows; first += rowsAtOnce) lossOf(payload, plan, shard, pass, first);
  backward(pass);
}

function step(payload: StepPayload): void {
  const kernels = networkKernelsOver(payload.memory, payload.scratch);
  const plan = layOut(payload);
  takeChunks(payload, begin => stepShard(payload, plan, kernels, begin));
}

/** What training runs on the threads of a pool. */
export const transformerTasks = { 'transformer.step': taskOf(step) } as const;
