import { decodeArtifact } from '../../../artifact/decode';
import { encodeArtifact } from '../../../artifact/encode';
import { answererOf, type Evaluation, evaluateQuestions } from '../../../evaluation/evaluation';
import type { Questions } from '../../../evaluation/questions';
import type { SampledOptions } from '../../../evaluation/sampled';
import type { Model, Scorer } from '../../../models/model';
import type { ThreadPool } from '../../../numeric/threadPool';
import { peakMemoryMb, resetPeakMemory } from './peakMemory';

/** What one model is to be put through. */
export interface ModelRun {
  readonly model: Model;
  readonly questions: Questions;
  readonly seed: number;
  readonly threads: ThreadPool;
  readonly limitUsers: number | undefined;
  readonly sampled: SampledOptions | undefined;
  readonly signal: AbortSignal;
  /** Called with the phase and how far it is. */
  readonly onProgress: (phase: 'training' | 'scoring', done: number, total: number) => void;
}

/** What came of it. */
export interface ModelReport {
  readonly evaluation: Evaluation;
  readonly trainSeconds: number;
  readonly evaluateSeconds: number;
  readonly peakMemoryMb: number;
  /** Of the scorer alone: histories in, scores of the whole catalogue out. */
  readonly usersScoredPerSecond: number;
  readonly artifactBytes: number;
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** A scorer that keeps the time it is busy. */
function timed(scorer: Scorer): { readonly scorer: Scorer; readonly seconds: () => number } {
  let seconds = 0;
  return {
    scorer: {
      ...scorer,
      scoreInto(histories, out) {
        const start = performance.now();
        scorer.scoreInto(histories, out);
        seconds += secondsSince(start);
      },
    },
    seconds: () => seconds,
  };
}

/**
 * Trains, asks and measures. What is measured is the artifact as a gateway would load
 * it: encoded to bytes and decoded again.
 */
export async function runModel(run: ModelRun): Promise<ModelReport> {
  const { model, questions, seed, threads, signal } = run;
  resetPeakMemory();
  const trainStart = performance.now();
  const artifact = await model.train(questions.train, {
    seed,
    threads,
    signal,
    onProgress: (done, total) => run.onProgress('training', done, total),
  });
  const trainSeconds = secondsSince(trainStart);
  const bytes = await encodeArtifact(artifact);
  const { scorer, seconds } = timed(model.load(await decodeArtifact(bytes)));
  const evaluateStart = performance.now();
  const evaluation = await evaluateQuestions(questions, answererOf(scorer, questions), {
    ...(run.limitUsers === undefined ? {} : { limitUsers: run.limitUsers }),
    ...(run.sampled === undefined ? {} : { sampled: run.sampled }),
    signal,
    onProgress: (done, total) => run.onProgress('scoring', done, total),
  });
  return {
    evaluation,
    trainSeconds,
    evaluateSeconds: secondsSince(evaluateStart),
    peakMemoryMb: peakMemoryMb(),
    usersScoredPerSecond: evaluation.users / seconds(),
    artifactBytes: bytes.length,
  };
}
