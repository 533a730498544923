import type { AttentionProblem } from './attention';
import type { LossProblem } from './losses';
import type { MaskedProblem } from './maskedLosses';

/** Length of an attention job, in 32-bit words. */
export const attentionJobLength = 16;
/** Length of a loss job, in 32-bit words. */
export const lossJobLength = 8;
/** Length of a masked loss job, in 32-bit words. */
export const maskedJobLength = 8;
/** Length of an LSTM job, in 32-bit words. */
export const lstmJobLength = 8;

const addressOf = (array: Float32Array | null): number => array?.byteOffset ?? 0;

/** Floats of scratch that attentionBackward needs for sequences of at most `span` rows. */
export const attentionScratchLength = (span: number): number => span * 8 * Math.ceil(span / 8);

/**
 * Writes the job that the kernels attention and attentionBackward read (assembly/attention.ts).
 *
 * @param scores - [attentionScratchLength(span)], scratch of the thread that runs the job
 * @param job - [attentionJobLength], in the arena of the arrays
 */
export function writeAttentionJob(
  problem: AttentionProblem<Float32Array>,
  scores: Float32Array,
  job: Uint32Array,
): void {
  job.set([
    problem.qkv.byteOffset,
    problem.out.byteOffset,
    problem.probabilities.byteOffset,
    problem.offsets.byteOffset,
    addressOf(problem.bias),
    problem.span,
    problem.heads,
    problem.width,
    Number(problem.isCausal),
    problem.gradient.byteOffset,
    problem.qkvGradient.byteOffset,
    addressOf(problem.biasGradient),
    scores.byteOffset,
  ]);
}

/**
 * Writes the job that the kernels sampledSoftmax and binaryCrossEntropy read (assembly/losses.ts).
 *
 * @param job - [lossJobLength], in the arena of the arrays
 */
export function writeLossJob(problem: LossProblem<Float32Array>, job: Uint32Array): void {
  const { logits, positives, targets, negatives, corrections, losses } = problem;
  const arrays = [logits, positives, targets, negatives, corrections, losses];
  job.set([...arrays.map(array => array.byteOffset), negatives.length]);
}

/**
 * Writes the job that the kernels maskedSoftmax and maskedSigmoid read (assembly/maskedLosses.ts).
 *
 * @param job - [maskedJobLength], in the arena of the arrays
 */
export function writeMaskedJob(problem: MaskedProblem<Float32Array>, job: Uint32Array): void {
  const { logits, stride, count, targets, weights, losses } = problem;
  job.set([logits.byteOffset, stride, count, targets.byteOffset, weights.byteOffset, losses.byteOffset]);
}

/** Byte addresses of the arrays of a backward LSTM step (network/lstm.ts). */
export interface LstmAddresses {
  readonly gates: number;
  readonly previous: number;
  readonly cell: number;
  readonly gradient: number;
  readonly cellGradient: number;
}

/**
 * Writes the job that the kernel lstmStepBackward reads (assembly/lstm.ts).
 *
 * @param job - [lstmJobLength], in the arena of the arrays
 */
export function writeLstmJob(addresses: LstmAddresses, job: Uint32Array): void {
  const { gates, previous, cell, gradient, cellGradient } = addresses;
  job.set([gates, previous, cell, gradient, cellGradient]);
}
