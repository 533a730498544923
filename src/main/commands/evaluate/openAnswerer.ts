import type { Trained } from '../../../evaluation/contender';
import { type Answerer, answererOf } from '../../../evaluation/evaluation';
import type { Questions } from '../../../evaluation/questions';
import type { ThreadPool } from '../../../numeric/threadPool';
import { threadAnswerer, timed } from './scoringThreads';

/** An answerer that measures the time of the scorer. */
interface OpenedAnswerer {
  readonly answerer: Answerer;
  /** Seconds the scorer took so far, summed over threads. */
  readonly busySeconds: () => number;
  /** Number of threads that score at the same time. */
  readonly atOnce: number;
}

/** Returns an answerer on the threads of the pool when it has several, otherwise on this one. */
export function openAnswerer(
  questions: Questions,
  { scorer, encoded }: Trained,
  threads: ThreadPool,
): OpenedAnswerer {
  if (encoded && threads.size > 1) {
    let busy = 0;
    const addSeconds = (seconds: number): void => {
      busy += seconds;
    };
    const answerer = threadAnswerer(scorer, questions, encoded, threads, addSeconds);
    return { answerer, busySeconds: () => busy, atOnce: threads.size };
  }
  const clocked = timed(scorer);
  return { answerer: answererOf(clocked.scorer, questions), busySeconds: clocked.seconds, atOnce: 1 };
}
