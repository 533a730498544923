// The load generator runs in its own process, so that it does not share the event loop of the server. Started by the
// HTTP benchmarks with a LoadJob as JSON on its input; prints one LoadResult as JSON.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import autocannon from 'autocannon';

/** Requests and intensity of a load. */
export interface LoadJob {
  readonly url: string;
  /** Null for requests without a credential. */
  readonly token: string | null;
  readonly query: string;
  /** Variables of the requests, used in turn. */
  readonly variables: readonly Readonly<Record<string, unknown>>[];
  /** Whether `$eventId` in the variables is replaced by a new id for each request. */
  readonly isTracking: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** Requests per second over all connections. Without it each connection sends its next request after each response. */
  readonly requestsPerSecond?: number;
}

/** Measured rates and latencies in milliseconds. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly answers: number;
  /** Requests with another status than 200, with GraphQL errors, or without a response. */
  readonly failed: number;
  readonly bytesPerResponse: number;
  /** CPU time that the load generator itself took. */
  readonly cpuSeconds: number;
}

/** Runs a load in its own process. */
export async function runLoad(job: LoadJob): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(__dirname, 'load.js'), '-'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(job));
  await new Promise(resolve => child.once('close', resolve));
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as LoadResult;
}

/** Formats a result as one line. */
export function formatLoad(name: string, result: LoadResult): string {
  const { perSecond, p50, p99, failed, bytesPerResponse } = result;
  return `${name.padEnd(34)} ${Math.round(perSecond).toString().padStart(7)}/s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   ${bytesPerResponse} bytes per response   ${failed} failed`;
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function bodiesOf({ query, variables, isTracking }: LoadJob): () => string {
  let serial = 0;
  if (!isTracking) {
    const bodies = variables.map(one => JSON.stringify({ query, variables: one }));
    return () => bodies[serial++ % bodies.length];
  }
  const run = randomUUID();
  const bodies = variables.map(one => JSON.stringify({ query, variables: one }));
  return () => bodies[serial % bodies.length].replace('$eventId', `${run}-${serial++}`);
}

async function main(): Promise<void> {
  const job = JSON.parse(await readInput()) as LoadJob;
  const nextBody = bodiesOf(job);
  let bad = 0;
  let bytes = 0;
  let answers = 0;
  const startedAt = process.cpuUsage();
  const result = await autocannon({
    url: `${job.url}/graphql`,
    connections: job.connections,
    duration: job.seconds,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(job.token === null ? {} : { authorization: `Bearer ${job.token}` }),
    },
    ...(job.requestsPerSecond === undefined ? {} : { overallRate: job.requestsPerSecond }),
    requests: [
      {
        setupRequest: request => ({ ...request, body: nextBody() }),
        onResponse: (status, body) => {
          answers++;
          bytes += Buffer.byteLength(body);
          if (status !== 200 || !body.startsWith('{"data":{') || body.includes('"errors":')) bad++;
        },
      },
    ],
  });
  const { latency } = result;
  const { user, system } = process.cpuUsage(startedAt);
  const out: LoadResult = {
    perSecond: answers / result.duration,
    p50: latency.p50,
    p90: latency.p90,
    p99: latency.p99,
    max: latency.max,
    answers,
    failed: bad + result.errors + result.timeouts,
    bytesPerResponse: Math.round(bytes / Math.max(1, answers)),
    cpuSeconds: (user + system) / 1e6,
  };
  process.stdout.write(`${JSON.stringify(out)}\n`);
}

if (require.main === module) void main();
