import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { GatewayError } from '../../../domain/errors';
import type { Account } from './account';
import { type Binaries, programEnv } from './binaries';
import { isAlive, isPostgresOver } from './processIdentity';

const run = promisify(execFile);
const pollMs = 15;
const startWaitMs = 60_000;
/** Range of the ports to choose from. */
const [lowestPort, highestPort] = [20_000, 32_000];

/** A cluster on disk and how to run it. */
export interface Cluster {
  /** Real path of the data directory. */
  readonly dir: string;
  /** How PostgreSQL is told the data directory: its path, or one that means the working directory, where it is started. */
  readonly argument: string;
  readonly logFile: string;
  readonly portFile: string;
  readonly binaries: Binaries;
  readonly account: Account;
}

/** A postmaster as described by its pid file. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready`, … */
  readonly status: string;
}

/** Settings for a laptop shared with other work. Durable: what was acknowledged is on the disk. */
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '192MB',
  max_connections: '100',
  max_wal_size: '1GB',
  wal_compression: 'on',
  checkpoint_timeout: '15min',
  effective_cache_size: '1GB',
  maintenance_work_mem: '128MB',
  work_mem: '16MB',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  lc_messages: 'C',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_destination: 'stderr',
  logging_collector: 'off',
};

/** Reads postmaster.pid; null when it is missing or incomplete. */
export async function readPostmaster(clusterDir: string): Promise<Postmaster | null> {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map(line => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port, status: lines[7] ?? '' } : null;
}

/** Returns the postmaster if it is alive; else removes the stale pid file, whose id may belong to another process now. */
export async function findLiving(clusterDir: string): Promise<Postmaster | null> {
  const postmaster = await readPostmaster(clusterDir);
  if (postmaster === null) return null;
  if (isAlive(postmaster.pid) && (await isPostgresOver(postmaster.pid, clusterDir))) return postmaster;
  // PostgreSQL refuses to start while the id in the file belongs to any living process.
  await rm(join(clusterDir, 'postmaster.pid'), { force: true });
  return null;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/**
 * Returns a free port below those that systems give to outgoing connections: while PostgreSQL is down, such a connection
 * could take its port, even one that looks for PostgreSQL itself.
 */
async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowestPort, highestPort);
    if (await isFree(port)) return port;
  }
}

async function lastLog(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-6).join('\n');
}

async function launch(cluster: Cluster, port: number): Promise<() => boolean> {
  const log = await open(cluster.logFile, 'a');
  const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Detached: Ctrl-C in a terminal signals the whole foreground group, but the gateway must drain before PostgreSQL stops.
  const child = spawn(cluster.binaries.postgres, ['-D', cluster.argument, ...flags], {
    ...cluster.account,
    ...programEnv(),
    cwd: cluster.dir,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let hasEnded = false;
  for (const event of ['error', 'exit']) {
    child.once(event, () => {
      hasEnded = true;
    });
  }
  child.unref();
  await log.close();
  return () => hasEnded;
}

/** Waits until the status in the pid file is `ready`; null when the process ends first or after a minute. */
export async function waitUntilReady(
  clusterDir: string,
  hasEnded: () => boolean,
): Promise<Postmaster | null> {
  for (let waited = 0; waited < startWaitMs && !hasEnded(); waited += pollMs) {
    const postmaster = await readPostmaster(clusterDir);
    if (postmaster?.status === 'ready') return postmaster;
    await sleep(pollMs);
  }
  return null;
}

/** Returns the port of the last start, if any. */
export async function readLastPort({ portFile }: Cluster): Promise<number | undefined> {
  const last = Number(await readFile(portFile, 'utf8').catch(() => ''));
  return last > 0 && last < 65_536 ? last : undefined;
}

/** Returns the last port, so that existing connection strings stay valid; a free port on retries or at the first start. */
async function choosePort(cluster: Cluster, attempt: number): Promise<number> {
  const last = attempt === 0 ? await readLastPort(cluster) : undefined;
  return last ?? (await findFreePort());
}

/**
 * Starts a postmaster on loopback: on the given port, or on its last port or a free one. Retries when the port was taken in
 * the meantime, or when backends of a killed postmaster still hold its shared memory.
 *
 * @throws {GatewayError} UNAVAILABLE with the end of PostgreSQL's log
 */
export async function startPostmaster(cluster: Cluster, fixedPort?: number): Promise<Postmaster> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const hasEnded = await launch(cluster, fixedPort ?? (await choosePort(cluster, attempt)));
    const postmaster = await waitUntilReady(cluster.dir, hasEnded);
    if (postmaster !== null) {
      await writeFile(cluster.portFile, String(postmaster.port));
      return postmaster;
    }
    const log = await lastLog(cluster.logFile);
    if (!/could not bind|still in use|lock file/.test(log)) break;
    await sleep(300);
  }
  throw new GatewayError(
    'UNAVAILABLE',
    `Expected the embedded PostgreSQL over ${cluster.dir} to start; it ended. Its log (${cluster.logFile}) ends with:\n${await lastLog(cluster.logFile)}`,
  );
}

/**
 * Stops the postmaster over the cluster: with a checkpoint; after 30 s without one; after 10 more seconds by SIGKILL.
 * Without a checkpoint, committed data is recovered from the write-ahead log at the next start.
 */
export async function stopPostmaster({ dir, argument, binaries, account }: Cluster): Promise<void> {
  const stop = (mode: string, seconds: string) =>
    run(binaries.pgCtl, ['stop', '-D', argument, '-m', mode, '-w', '-t', seconds], {
      ...account,
      ...programEnv(),
      cwd: dir,
    }).catch(() => undefined);
  await stop('fast', '30');
  if ((await findLiving(dir)) !== null) await stop('immediate', '10');
  const living = await findLiving(dir);
  if (living !== null) process.kill(living.pid, 'SIGKILL');
}
