import { Worker } from 'node:worker_threads';
import { GatewayError } from '../domain/errors';
import type { ThreadPool } from '../numeric/threadPool';
import { fromPlainError, type ThreadAnswer, type ThreadOrder } from './threadMessages';
import { threadEntry, threadRole } from './threadWorker';

/** An order and the callback for its result. */
interface Job {
  readonly order: ThreadOrder;
  readonly settle: (answer: ThreadAnswer) => void;
}

/** A pool of worker threads. */
export interface WorkerThreadPool extends ThreadPool {
  /** Terminates the threads; running work is rejected. */
  close(): Promise<void>;
}

/** One thread. It is started when first needed, and again after it died. */
class Thread {
  private worker: Worker | null = null;
  private job: Job | null = null;

  constructor(
    private readonly entry: string,
    private readonly onFree: () => void,
  ) {}

  get isFree(): boolean {
    return this.job === null;
  }

  take(job: Job): void {
    this.job = job;
    this.worker ??= this.start();
    // An idle pool lets the process end; a working one does not.
    this.worker.ref();
    this.worker.postMessage(job.order);
  }

  async close(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
    this.finish({
      error: new GatewayError('CANCELLED', 'Expected threads to work on; got closed with the pool.'),
    });
  }

  private start(): Worker {
    const worker = new Worker(this.entry, { workerData: threadRole });
    worker.on('message', (answer: ThreadAnswer) => this.finish(answer));
    const fail = (error: unknown): void => {
      if (this.worker !== worker) return;
      this.worker = null;
      this.finish({ error });
    };
    worker.on('error', fail);
    worker.on('exit', code =>
      fail(new Error(`Expected a result of the thread; got its end with code ${code}.`)),
    );
    return worker;
  }

  private finish(answer: ThreadAnswer): void {
    const { job } = this;
    this.job = null;
    this.worker?.unref();
    job?.settle(answer);
    this.onFree();
  }
}

/**
 * Creates a pool of worker threads that run the tasks of main/threadWorker.ts. Threads start with the first run and do not
 * keep the process alive between runs. A thread that dies fails its payload and is replaced.
 *
 * @param size - threads, at least 1
 * @param entry - path of the compiled threadWorker; tests use another one
 */
export function createThreadPool(size: number, entry: string = threadEntry): WorkerThreadPool {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`Expected a whole number of threads, at least 1; got ${size}.`);
  }
  const waiting: Job[] = [];
  const give = (): void => {
    for (const thread of threads) {
      if (!thread.isFree) continue;
      const job = waiting.shift();
      if (!job) return;
      thread.take(job);
    }
  };
  const threads = Array.from({ length: size }, () => new Thread(entry, give));
  const runOne = (order: ThreadOrder): Promise<ThreadAnswer> =>
    new Promise(settle => waiting.push({ order, settle }));
  return {
    size,
    async run(task, payloads) {
      const running = payloads.map(payload => runOne({ task, payload }));
      give();
      const answers = await Promise.all(running);
      const failed = answers.find(answer => answer.error !== undefined);
      if (failed) throw fromPlainError(failed.error);
      return answers.map(answer => answer.result);
    },
    async close() {
      const closed = new GatewayError('CANCELLED', 'Expected threads to work on; got closed with the pool.');
      for (const job of waiting.splice(0)) job.settle({ error: closed });
      await Promise.all(threads.map(thread => thread.close()));
    },
  };
}
