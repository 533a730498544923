import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { toShopId } from '../src/domain/ids';
import type { Role } from '../src/domain/role';
import { signToken } from '../src/main/tokens';

/** The real program as `npx affinity` runs it, in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to `/health/ready`. */
  readonly readyMs: number;
  /** Ends it and waits for its end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Where a gateway of a bench lives. */
export interface GatewayHome {
  readonly dataDir: string;
  /** Further settings; see src/main/config.ts. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node itself, as --cpu-prof. */
  readonly nodeOptions?: readonly string[];
}

/** The mutation of the benches that track: one event, and what became of it. */
export const trackOne = `mutation Track($input: EventsTrackInput!) {
  eventsTrack(input: $input) { accepted duplicates rejected userErrors { code message } }
}`;

const secret = 'a secret of the benches, for tokens that nobody else accepts';
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

/** A token that gateways of benches accept. */
export async function benchToken(shop: string, role: Role): Promise<string> {
  const jwt = { issuer: 'affinity', audience: 'affinity', keys: { kind: 'secret' as const, secret } };
  return await signToken(jwt, { shopId: toShopId(shop), role, userId: null }, 6 * 3600);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('Expected a port of TCP; got none.');
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
      throw new Error(`Expected a gateway that serves; got:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
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

/** Runs one command of `affinity` over the same data folder and answers what it printed. */
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
    throw new Error(`Expected affinity ${args[0]} to succeed; it ended with ${child.exitCode}.`);
  return Buffer.concat(chunks).toString('utf8');
}

/** What GraphQL answers: the data, or an error that shows the errors. */
export async function askGraphql(
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
