import type { AttentionProblem } from './attention';
import type { LossProblem } from './losses';

/** Words of an attention job. */
export const attentionJobLength = 16;
/** Words of a loss job. */
export const lossJobLength = 8;

const addressOf = (array: Float32Array | null): number => array?.byteOffset ?? 0;

/** Floats of the scratch that attentionBackward wants for sequences of at most `span` rows. */
export const attentionScratchLength = (span: number): number => span * 8 * Math.ceil(span / 8);

/**
 * Writes a problem as the words that the kernels attention and attentionBackward read (assembly/attention.ts).
 *
 * @param scores - [attentionScratchLength(span)], scratch of whoever runs the job
 * @param job - [attentionJobLength], in the arena of all the arrays
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
 * Writes a problem as the words that the kernels sampledSoftmax and binaryCrossEntropy read (assembly/losses.ts).
 *
 * @param job - [lossJobLength], in the arena of all the arrays
 */
export function writeLossJob(problem: LossProblem<Float32Array>, job: Uint32Array): void {
  const { logits, positives, targets, negatives, corrections, losses } = problem;
  const arrays = [logits, positives, targets, negatives, corrections, losses];
  job.set([...arrays.map(array => array.byteOffset), negatives.length]);
}
