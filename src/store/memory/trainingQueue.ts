import type { TrainingJob, TrainingJobContext, TrainingQueue } from '../ports/trainingQueue';

type Handler = (job: TrainingJob, context: TrainingJobContext) => Promise<void>;

/**
 * Creates a queue of training jobs in this process. A job whose handler throws is dropped (its run records why). When
 * the handler is stopped, the active job is aborted and queued again.
 */
export function createMemoryTrainingQueue(): TrainingQueue {
  const seen = new Set<string>();
  const waiting: TrainingJob[] = [];
  let handler: Handler | null = null;
  let active: {
    readonly runId: string;
    readonly abort: AbortController;
    readonly done: Promise<void>;
  } | null = null;

  async function work(take: Handler, job: TrainingJob, { signal }: AbortController): Promise<void> {
    // Progress of jobs in memory is not reported.
    const onProgress = () => undefined;
    const hasEndedWell = await Promise.resolve()
      .then(() => take(job, { signal, onProgress }))
      .then(
        () => true,
        () => false,
      );
    if (signal.aborted && !hasEndedWell) waiting.unshift(job);
    active = null;
    takeNext();
  }

  function takeNext(): void {
    if (handler === null || active !== null) return;
    const job = waiting.shift();
    if (job === undefined) return;
    const abort = new AbortController();
    active = { runId: job.runId, abort, done: work(handler, job, abort) };
  }

  async function stop(): Promise<void> {
    handler = null;
    active?.abort.abort();
    await active?.done;
  }

  return {
    async add(job) {
      if (seen.has(job.runId)) return;
      seen.add(job.runId);
      waiting.push(job);
      takeNext();
    },
    async process(take) {
      handler = take;
      takeNext();
      return stop;
    },
    async depth() {
      return { waiting: waiting.length, active: active === null ? 0 : 1 };
    },
    async stateOf(runId) {
      if (active?.runId === runId || waiting.some(job => job.runId === runId)) return 'pending';
      return seen.has(runId) ? 'ended' : 'absent';
    },
    close: stop,
  };
}
