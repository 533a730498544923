import { type BeyondAccuracy, beyondAccuracy } from '../../../evaluation/beyondAccuracy';
import {
  type Answerer,
  answererOf,
  type Evaluation,
  evaluateQuestions,
} from '../../../evaluation/evaluation';
import type { Questions } from '../../../evaluation/questions';
import { evaluateRatings, type RatingEvaluation } from '../../../evaluation/ratings';
import type { SampledOptions } from '../../../evaluation/sampled';
import { pause } from '../../../numeric/pause';
import type { ThreadPool } from '../../../numeric/threadPool';
import type { Contender, Trained } from './contender';
import { peakMemoryMb, resetPeakMemory } from './peakMemory';
import { threadAnswerer, timed } from './scoringThreads';
import type { Task } from './task';

/** What one model is to be put through. */
export interface ModelRun {
  readonly contender: Contender;
  readonly task: Task;
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
  /** Null where ratings were foretold. */
  readonly evaluation: Evaluation | null;
  /** The same questions among more products, where the task asks so. */
  readonly beside: Evaluation | null;
  readonly beyond: BeyondAccuracy | null;
  readonly ratings: RatingEvaluation | null;
  readonly trainSeconds: number;
  readonly evaluateSeconds: number;
  readonly peakMemoryMb: number;
  /** Of the scorer alone: histories in, scores of the whole catalogue out. NaN where ratings were foretold. */
  readonly usersScoredPerSecond: number;
  readonly artifactBytes: number;
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** Whoever answers: the pool's threads where there are several, this one otherwise. Keeps the scorer's time. */
function openAnswerer(
  questions: Questions,
  { scorer, threaded }: Trained,
  threads: ThreadPool,
): { readonly answerer: Answerer; readonly seconds: () => number } {
  if (threaded && threads.size > 1) {
    let busy = 0;
    const addSeconds = (seconds: number): void => {
      busy += seconds;
    };
    const answerer = threadAnswerer(scorer, questions, threaded, threads, addSeconds);
    // Threads are busy at once: what counts is how long it took them together.
    return { answerer, seconds: () => busy / threads.size };
  }
  const clocked = timed(scorer);
  return { answerer: answererOf(clocked.scorer, questions), seconds: clocked.seconds };
}

/** Products a list's asker had in training. */
function historyRows(questions: Questions): (list: number) => Iterable<number> {
  const same = Int32Array.from({ length: questions.train.products.size }, (_, row) => row);
  return list => questions.of(list, same).history.productRows;
}

type Measured = Pick<ModelReport, 'evaluation' | 'beside' | 'beyond' | 'ratings' | 'usersScoredPerSecond'>;

async function askQuestions(run: ModelRun, questions: Questions, trained: Trained): Promise<Measured> {
  const { limitUsers, sampled, signal, threads, task } = run;
  const { answerer, seconds } = openAnswerer(questions, trained, threads);
  const options = {
    ...(limitUsers === undefined ? {} : { limitUsers }),
    signal,
    onProgress: (done: number, total: number) => run.onProgress('scoring', done, total),
  };
  const evaluation = await evaluateQuestions(questions, answerer, {
    ...options,
    ...(sampled === undefined ? {} : { sampled }),
  });
  const usersScoredPerSecond = evaluation.users / seconds();
  const beside = task.beside && (await evaluateQuestions(task.beside, answerer, options));
  const lists = (beside ?? evaluation).topRows;
  const beyond = beyondAccuracy(task.train, lists, historyRows(questions), task.categories);
  return { evaluation, beside, beyond, ratings: null, usersScoredPerSecond };
}

async function askRatings(run: ModelRun, { scorer }: Trained): Promise<Measured> {
  const { limitUsers, signal, task } = run;
  const ratings =
    task.ratings &&
    (await evaluateRatings(task.ratings, scorer, {
      ...(limitUsers === undefined ? {} : { limitUsers }),
      signal,
      onProgress: (done, total) => run.onProgress('scoring', done, total),
      pause,
    }));
  return { evaluation: null, beside: null, beyond: null, ratings, usersScoredPerSecond: Number.NaN };
}

/** Trains, asks and measures. */
export async function runModel(run: ModelRun): Promise<ModelReport> {
  const { contender, task, seed, threads, signal } = run;
  resetPeakMemory();
  const trained = await contender.train(task.train, {
    seed,
    threads,
    signal,
    onProgress: (done, total) => run.onProgress('training', done, total),
  });
  const start = performance.now();
  const measured = task.questions
    ? await askQuestions(run, task.questions, trained)
    : await askRatings(run, trained);
  return {
    ...measured,
    trainSeconds: trained.trainSeconds,
    evaluateSeconds: secondsSince(start),
    peakMemoryMb: peakMemoryMb(),
    artifactBytes: trained.artifactBytes,
  };
}
