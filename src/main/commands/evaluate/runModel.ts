import { beyondAccuracy } from '../../../evaluation/beyondAccuracy';
import type { Contender, Trained } from '../../../evaluation/contender';
import { evaluateQuestions } from '../../../evaluation/evaluation';
import type { Questions } from '../../../evaluation/questions';
import { evaluateRatings } from '../../../evaluation/ratings';
import type { ModelReport } from '../../../evaluation/report/modelReport';
import type { SampledOptions } from '../../../evaluation/sampled';
import type { Task } from '../../../evaluation/task';
import { pause } from '../../../numeric/pause';
import type { ThreadPool } from '../../../numeric/threadPool';
import { openAnswerer } from './openAnswerer';

/** One model to train and to evaluate. */
export interface ModelRun {
  readonly contender: Contender;
  readonly task: Task;
  readonly seed: number;
  readonly threads: ThreadPool;
  readonly limitUsers: number | undefined;
  readonly sampled: SampledOptions | undefined;
  readonly signal: AbortSignal;
  /** Called with the phase, and with the work done and the total work of that phase. */
  readonly onProgress: (phase: 'training' | 'scoring', done: number, total: number) => void;
}

/** Milliseconds since an arbitrary instant. */
const clock = (): number => performance.now();

/** Training products of the user behind each list. */
function historyRows(questions: Questions): (list: number) => Iterable<number> {
  const same = Int32Array.from({ length: questions.train.products.size }, (_, row) => row);
  return list => questions.of(list, same).history.productRows;
}

type Measured = Pick<ModelReport, 'evaluation' | 'catalogue' | 'beyond' | 'ratings' | 'usersScoredPerSecond'>;

async function askQuestions(run: ModelRun, questions: Questions, trained: Trained): Promise<Measured> {
  const { limitUsers, sampled, signal, threads, task } = run;
  const { answerer, busySeconds, atOnce } = openAnswerer(questions, trained, threads);
  const options = {
    ...(limitUsers === undefined ? {} : { limitUsers }),
    signal,
    onProgress: (done: number, total: number) => run.onProgress('scoring', done, total),
  };
  const evaluation = await evaluateQuestions(questions, answerer, {
    ...options,
    ...(sampled === undefined ? {} : { sampled }),
  });
  // The threads run at the same time, so the time that passed is the sum divided by their number.
  const usersScoredPerSecond = (evaluation.users * atOnce) / busySeconds();
  const catalogue =
    task.catalogueQuestions && (await evaluateQuestions(task.catalogueQuestions, answerer, options));
  const lists = (catalogue ?? evaluation).topRows;
  const beyond = beyondAccuracy(task.train, lists, historyRows(questions), task.categories);
  return { evaluation, catalogue, beyond, ratings: null, usersScoredPerSecond };
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
  return { evaluation: null, catalogue: null, beyond: null, ratings, usersScoredPerSecond: Number.NaN };
}

/** Trains a model and evaluates it. The report lacks the peak memory, which is the process's. */
export async function runModel(run: ModelRun): Promise<Omit<ModelReport, 'peakMemoryMb'>> {
  const { contender, task, seed, threads, signal } = run;
  const trained = await contender.train(task.train, {
    seed,
    threads,
    signal,
    clock,
    onProgress: (done, total) => run.onProgress('training', done, total),
  });
  const start = clock();
  const measured = task.questions
    ? await askQuestions(run, task.questions, trained)
    : await askRatings(run, trained);
  return {
    ...measured,
    trainSeconds: trained.trainSeconds,
    evaluateSeconds: (clock() - start) / 1000,
    artifactBytes: trained.artifactBytes,
  };
}
