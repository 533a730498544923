import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { toShopId } from '../src/domain/ids';
import type { Role } from '../src/domain/role';
import { signToken } from '../src/main/tokens';

/** The real program, as run by `npx affinity`, in its own process. */
export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to `/health/ready`. */
  readonly readyMs: number;
  /** Sends a signal and waits for the exit. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Data folder and settings of a gateway under test. */
export interface GatewayHome {
  readonly dataDir: string;
  /** Further settings; see src/main/config.ts. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node, such as --cpu-prof. */
  readonly nodeOptions?: readonly string[];
}

/** Mutation of the tracking benchmarks. */
export const trackOne = `mutation Track($input: EventsTrackInput!) {
  eventsTrack(input: $input) { accepted duplicates rejected userErrors { code message } }
}`;

const secret = 'a secret for tokens of the benchmarks only';
const program = join(process.cwd(), 'bin', 'affinity.mjs');
const readyWithinMs = 300_000;

const environmentOf = ({ dataDir, env }: GatewayHome): NodeJS.ProcessEnv => ({
  ...process.env,
  AFFINITY_DATA_DIR: dataDir,
  AFFINITY_JWT_SECRET: secret,
  AFFINITY_RETRAIN_MINUTES: '0',
  LOG_LEVEL: 'warn',
  ...env,
});

/** Signs a token for gateways of the benchmarks. */
export async function benchToken(shop: string, role: Role): Promise<string> {
  const jwt = { issuer: 'affinity', audience: 'affinity', keys: { kind: 'secret' as const, secret } };
  return await signToken(jwt, { shopId: toShopId(shop), role, userId: null }, 6 * 3600);
}

/** Returns a TCP port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP port; got none.');
  return address.port;
}

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise(resolve => child.once('exit', () => resolve()));

/** Starts `affinity start` and waits until it is ready. Its output goes to `gateway.log` in the data folder. */
export async function startGatewayProcess(home: GatewayHome): Promise<GatewayProcess> {
  mkdirSync(home.dataDir, { recursive: true });
  const logFile = join(home.dataDir, 'gateway.log');
  const log = openSync(logFile, 'a');
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [...(home.nodeOptions ?? []), program, 'start'], {
    env: { ...environmentOf(home), PORT: String(port), HOST: '127.0.0.1' },
    stdio: ['ignore', log, log],
  });
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/health/ready`).then(
      ({ status }) => status === 200,
      () => false,
    );
  while (!(await isReady())) {
    const isLate = performance.now() - began > readyWithinMs;
    if (child.exitCode !== null || isLate) {
      child.kill('SIGKILL');
      throw new Error(`Expected a ready gateway; got:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
    }
    await pause(25);
  }
  return {
    url,
    pid: child.pid ?? 0,
    readyMs: performance.now() - began,
    async end(signal) {
      child.kill(signal);
      await ended(child);
    },
  };
}

/** Runs one command of `affinity` over the same data folder and returns its output. */
export async function runAffinity(home: GatewayHome, ...args: readonly string[]): Promise<string> {
  mkdirSync(home.dataDir, { recursive: true });
  const child = spawn(process.execPath, [program, ...args], {
    env: environmentOf(home),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise(resolve => child.once('close', resolve));
  if (child.exitCode !== 0)
    throw new Error(`Expected affinity ${args[0]} to succeed; it exited with ${child.exitCode}.`);
  return Buffer.concat(chunks).toString('utf8');
}

/** Sends a GraphQL request and returns its data. Throws when the response has errors. */
export async function queryGraphql(
  url: string,
  token: string,
  body: { readonly query: string; readonly variables?: unknown },
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as {
    readonly data?: Record<string, unknown>;
    readonly errors?: unknown;
  };
  if (answer.data === undefined || answer.data === null || answer.errors !== undefined) {
    throw new Error(`Expected data; got ${JSON.stringify(answer).slice(0, 500)}`);
  }
  return answer.data;
}
