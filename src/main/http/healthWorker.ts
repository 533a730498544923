// Entry of the health thread: serves the health routes on a port of its own. It has no other work, so it responds within
// milliseconds whatever the main thread does.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Readiness } from './health';

/** The workerData of a health thread. */
export interface HealthThreadData {
  readonly role: typeof healthRole;
  readonly host: string;
  readonly port: number;
  /** Time without a beat after which the main thread counts as stalled, in milliseconds. */
  readonly stalledMs: number;
}

/** What a health thread posts once: its port, or why it does not listen. */
export type HealthThreadStart = { readonly port: number } | { readonly failed: string };

/** Path of this file when compiled. */
export const healthEntry = __filename;
export const healthRole = 'affinity-health';

/** Paths and their responses, from the last beat of the main thread. */
export function createHealthListener(stalledMs: number, clock: () => number) {
  let beatAt = clock();
  let last: Readiness = { status: 503, body: { status: 'unavailable', missing: ['start'], parts: {} } };

  function responseTo(url: string): Readiness | null {
    const ageMs = clock() - beatAt;
    const isStalled = ageMs > stalledMs;
    const stalled = { status: 503, body: { status: 'stalled', stalledMs: Math.round(ageMs) } };
    if (url === '/health/live') return isStalled ? stalled : { status: 200, body: { status: 'live' } };
    if (url === '/health/ready') return isStalled ? stalled : last;
    return null;
  }

  const listener: RequestListener = ({ url = '' }, response) => {
    const { status, body } = responseTo(url.split('?', 1)[0]) ?? {
      status: 404,
      body: { status: 'Expected /health/live or /health/ready; got another path.' },
    };
    const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
    response.writeHead(status, headers).end(JSON.stringify(body));
  };
  return {
    listener,
    beat(readiness: Readiness): void {
      last = readiness;
      beatAt = clock();
    },
  };
}

function serve({ host, port, stalledMs }: HealthThreadData): void {
  const { listener, beat } = createHealthListener(stalledMs, () => performance.now());
  const post = (start: HealthThreadStart) => parentPort?.postMessage(start);
  const server = createServer({ requestTimeout: 5000, headersTimeout: 5000 }, listener);
  server.maxConnections = 256;
  server.once('error', (error: NodeJS.ErrnoException) => post({ failed: error.code ?? error.message }));
  server.listen(port, host, () => post({ port: (server.address() as AddressInfo).port }));
  parentPort?.on('message', beat);
}

const isHealthThread = (data: unknown): data is HealthThreadData =>
  typeof data === 'object' && data !== null && 'role' in data && data.role === healthRole;

if (isHealthThread(workerData)) serve(workerData);
