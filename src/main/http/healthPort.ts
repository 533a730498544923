import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { listenFailure } from '../checks/port';
import type { Readiness } from './health';
import { type HealthThreadData, type HealthThreadStart, healthEntry, healthRole } from './healthWorker';

/** Settings of a health port. */
export interface HealthPortOptions {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  readonly readiness: () => Promise<Readiness>;
  /** Called when the thread has died. */
  readonly onError: (error: unknown) => void;
  /** Path of the compiled healthWorker; tests use another one. */
  readonly entry?: string;
}

/** A port whose health routes are served by a thread of its own. */
export interface HealthPort {
  /** `http://host:port`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Milliseconds between two beats of the main thread. */
const beatEveryMs = 250;
const stalledMs = 10_000;

async function started(worker: Worker, { host, port }: HealthPortOptions): Promise<number> {
  const [start] = (await once(worker, 'message')) as [HealthThreadStart];
  if ('port' in start) return start.port;
  await worker.terminate();
  throw await listenFailure(host, port, { code: start.failed }, 'AFFINITY_HEALTH_PORT');
}

/**
 * Serves `/health/live` and `/health/ready` from a thread with its own event loop, which no load of the gateway delays.
 * The main thread tells it several times per second that it is alive and what is ready; when it is silent for ten seconds,
 * both respond 503.
 *
 * @throws {GatewayError} CONFIG_INVALID when the port cannot be listened on
 */
export async function startHealthPort(options: HealthPortOptions): Promise<HealthPort> {
  const { host, readiness, entry = healthEntry } = options;
  const data: HealthThreadData = { role: healthRole, host, port: options.port, stalledMs };
  const worker = new Worker(entry, { workerData: data });
  const port = await started(worker, options);
  worker.on('error', options.onError).unref();
  const beat = () => void readiness().then(ready => worker.postMessage(ready));
  beat();
  const timer = setInterval(beat, beatEveryMs).unref();
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async close() {
      clearInterval(timer);
      await worker.terminate();
    },
  };
}
