/** A message that can be posted to another thread (structured clone; SharedArrayBuffer is shared, not copied). */
export type ThreadPayload = Readonly<Record<string, unknown>>;

/**
 * A task that runs on a thread of the pool. It must be registered by name, in models/threadTasks.ts or in the `threadTasks`
 * of an insight, because functions themselves cannot be posted. It may be async, and must not keep state between calls
 * except in the `memory` of its payload (a SharedArrayBuffer) or a cache keyed by it.
 */
export type ThreadTask = (payload: ThreadPayload) => unknown;

/** Threads passed as an argument, so that layers without I/O can run work in parallel without knowing about workers. */
export interface ThreadPool {
  /** How many payloads can run at once, at least 1. */
  readonly size: number;
  /**
   * Runs the named task once per payload, on any thread, and returns the results in payload order.
   * Rejects with the first error; the other payloads still finish.
   */
  run(task: string, payloads: readonly ThreadPayload[]): Promise<unknown[]>;
}

/** A pool that runs payloads one after the other on the calling thread. For tests, small data and serving. */
export function serialThreadPool(tasks: Readonly<Record<string, ThreadTask>>): ThreadPool {
  return {
    size: 1,
    async run(task, payloads) {
      const work = tasks[task];
      if (work === undefined)
        throw new RangeError(
          `Expected a task among ${Object.keys(tasks).join(', ') || '(none)'}; got ${task}.`,
        );
      const results: unknown[] = [];
      for (const payload of payloads) {
        results.push(await work(payload));
      }
      return results;
    },
  };
}
