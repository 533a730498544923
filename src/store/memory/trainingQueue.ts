import type { TrainingJob, TrainingJobContext, TrainingQueue } from '../ports/trainingQueue';

type Handler = (job: TrainingJob, context: TrainingJobContext) => Promise<void>;

/** Hands a job over. Returns whether it is to be queued again. */
async function work(take: Handler, job: TrainingJob, signal: AbortSignal): Promise<boolean> {
  try {
    // Progress of jobs in memory is not reported.
    await take(job, { signal, onProgress: () => undefined });
    return false;
  } catch {
    return signal.aborted;
  }
}

/** A job in the hands of the handler. */
interface Active {
  readonly runId: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Creates a queue of training jobs in this process. A job whose handler throws is dropped (its run records why). When
 * the handler is stopped, the active jobs are aborted and queued again.
 */
export function createMemoryTrainingQueue(): TrainingQueue {
  const seen = new Set<string>();
  const waiting: TrainingJob[] = [];
  const active = new Set<Active>();
  let handler: Handler | null = null;
  let limit = 1;

  function begin(take: Handler, job: TrainingJob): void {
    const abort = new AbortController();
    const done = Promise.resolve().then(async () => {
      if (await work(take, job, abort.signal)) waiting.unshift(job);
      active.delete(own);
      takeNext();
    });
    const own: Active = { runId: job.runId, abort, done };
    active.add(own);
  }

  function takeNext(): void {
    while (handler !== null && active.size < limit) {
      const job = waiting.shift();
      if (job === undefined) return;
      begin(handler, job);
    }
  }

  async function stop(): Promise<void> {
    handler = null;
    const stopped = [...active];
    for (const { abort } of stopped) abort.abort();
    await Promise.all(stopped.map(({ done }) => done));
  }

  return {
    async add(job) {
      if (seen.has(job.runId)) return;
      seen.add(job.runId);
      waiting.push(job);
      takeNext();
    },
    async process(take, atOnce = 1) {
      handler = take;
      limit = atOnce;
      takeNext();
      return stop;
    },
    async depth() {
      return { waiting: waiting.length, active: active.size };
    },
    async stateOf(id) {
      if ([...active].some(({ runId }) => runId === id) || waiting.some(({ runId }) => runId === id))
        return 'pending';
      return seen.has(id) ? 'ended' : 'absent';
    },
    close: stop,
  };
}
