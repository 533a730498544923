import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { GatewayError } from '../domain/errors';
import type { TrainingJob, TrainingJobContext } from '../store/ports/trainingQueue';
import type { TrainingRunRecord } from '../store/ports/trainingRun';
import type { Config } from './config';
import { fromPlainError } from './threadMessages';

/** Data that a training thread starts with. It opens its own store, so that nothing is shared with serving. */
export interface TrainingThreadData {
  readonly databaseUrl: string;
  readonly job: TrainingJob;
  /** Size of its own thread pool. */
  readonly threads: number;
  /** The encoder of product texts; null for none. */
  readonly encoding: EncodingConfig | null;
}

/** The configuration that opens an encoder. */
export type EncodingConfig = Pick<Config, 'encoder' | 'dataDir'>;

/** A message of the thread. */
export type TrainingThreadMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'finished'; readonly run: TrainingRunRecord }
  /** The run threw; `error` as toPlainError returns it. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** Options of {@link trainInThread}. */
export interface TrainingThreadOptions {
  readonly databaseUrl: string;
  readonly threads: number;
  /** The encoder of product texts; none by default. */
  readonly encoding?: EncodingConfig;
  /** Path of the compiled trainingWorker; tests use another one. */
  readonly entry?: string;
  /** Time that a cancelled run has to record its end before its thread is terminated, milliseconds. */
  readonly graceMs?: number;
}

const defaultGraceMs = 5_000;

const threadEnded = (how: string): GatewayError =>
  new GatewayError(
    'UNAVAILABLE',
    `Expected the training thread to finish its run; it ended with ${how}. Look at memory and the log, then train again.`,
    { how },
  );

/** Returns the code or kind of an error; its message is not quoted because it may contain personal data. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}

/**
 * Runs one job in its own thread.
 *
 * @returns the finished run's record, which the thread has saved
 * @throws {GatewayError} CANCELLED when the signal aborted and the thread did not end by itself in time
 * @throws {GatewayError} UNAVAILABLE when the thread died, or could not reach the database; the record is then unchanged
 * @throws any other error of the run
 */
export async function trainInThread(
  job: TrainingJob,
  { signal, onProgress }: TrainingJobContext,
  options: TrainingThreadOptions,
): Promise<TrainingRunRecord> {
  const { databaseUrl, threads, encoding = null, graceMs = defaultGraceMs } = options;
  const workerData: TrainingThreadData = { databaseUrl, job, threads, encoding };
  const worker = new Worker(options.entry ?? join(__dirname, 'trainingWorker.js'), { workerData });
  let deadline: NodeJS.Timeout | undefined;
  const cancel = (): void => {
    worker.postMessage('cancel');
    deadline = setTimeout(() => void worker.terminate(), graceMs);
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: TrainingThreadMessage) => {
        if (message.kind === 'progress') onProgress(message.share);
        else if (message.kind === 'finished') resolve(message.run);
        else reject(fromPlainError(message.error));
      });
      worker.on('error', error => reject(threadEnded(nameOf(error))));
      worker.on('exit', code => {
        const message = 'Expected to train to the end; got cancelled. Nothing was published.';
        reject(signal.aborted ? new GatewayError('CANCELLED', message) : threadEnded(`exit code ${code}`));
      });
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    clearTimeout(deadline);
    await worker.terminate();
  }
}
