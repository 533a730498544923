import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, truncate } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { GatewayError } from '../../domain/errors';
import { initialise, ownName } from './embedded/initialise';
import { addUser, isUsed, removeUser, withLock } from './embedded/lease';
import { type Claim, claimFolder } from './embedded/machine';
import {
  findLiving,
  type Postmaster,
  readLastPort,
  startPostmaster,
  stopPostmaster,
  waitUntilReady,
} from './embedded/postmaster';
import {
  type DataFolder,
  type EmbeddedPostgresOptions,
  exists,
  prepareDataFolder,
} from './embedded/prepareDataFolder';
import { isAlive } from './embedded/processIdentity';
import { type Supervisor, supervise } from './embedded/supervisor';

const maxLogBytes = 10_000_000;

/** A PostgreSQL server that the gateway runs itself. */
export interface EmbeddedPostgres {
  /** Connection string with the password: must not be logged. */
  readonly url: string;
  /** Ends this process's use of the server; the server stops when no living process uses it. */
  stop(): Promise<void>;
}

const urlOf = (port: number, password: string, database: string) =>
  `postgresql://${ownName}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

async function query<Row>(url: string, work: (client: Client) => Promise<Row>): Promise<Row> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function createDatabase(port: number, password: string): Promise<void> {
  await query(urlOf(port, password, 'postgres'), async client => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [ownName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${ownName}`);
  });
}

/** Whether the server on that port runs over this cluster, and is not another one that took over the port. */
async function isOurs(port: number, password: string, { cluster }: DataFolder): Promise<boolean> {
  const shown = query(urlOf(port, password, 'postgres'), client => client.query('SHOW data_directory'));
  return await shown.then(
    ({ rows }) => [cluster.argument, cluster.dir].includes(resolve(rows[0].data_directory)),
    () => false,
  );
}

/** Returns a running postmaster of an earlier or concurrent process once it responds; null when a new one is needed. */
async function adopt(folder: DataFolder, password: string, onLog: (message: string) => void) {
  const { cluster } = folder;
  const found = await findLiving(cluster.dir);
  if (found === null) return null;
  const ready = await waitUntilReady(cluster.dir, () => !isAlive(found.pid));
  if (ready !== null && (await isOurs(ready.port, password, folder))) {
    onLog(`Adopted the PostgreSQL that runs over ${cluster.dir} (process ${ready.pid}, port ${ready.port}).`);
    return ready;
  }
  if ((await findLiving(cluster.dir)) !== null) {
    onLog(`Stopping the PostgreSQL over ${cluster.dir} (process ${found.pid}): it does not respond.`);
    await stopPostmaster(cluster);
  }
  return null;
}

const refuse = ({ cluster, passwordFile }: DataFolder, cause: unknown) =>
  new GatewayError(
    'UNAVAILABLE',
    `Expected the password in ${passwordFile} to open ${cluster.dir}; it does not. Put it back from a backup, or move both away to begin with an empty database.`,
    {},
    { cause },
  );

const readPassword = (folder: DataFolder): Promise<string> =>
  readFile(folder.passwordFile, 'utf8').catch(cause => {
    throw refuse(folder, cause);
  });

/** Starts PostgreSQL over an existing cluster, or adopts one that runs. @param port - the one it must have, if any */
async function startOver(
  folder: DataFolder,
  onLog: (message: string) => void,
  port: number | undefined,
): Promise<Postmaster> {
  const { cluster } = folder;
  const adopted = await adopt(folder, await readPassword(folder), onLog);
  if (adopted !== null) return adopted;
  const logLength = await stat(cluster.logFile).then(
    info => info.size,
    () => 0,
  );
  if (logLength > maxLogBytes) await truncate(cluster.logFile);
  const started = await startPostmaster(cluster, port);
  onLog(`Started PostgreSQL over ${cluster.dir} (process ${started.pid}, port ${started.port}).`);
  return started;
}

async function startOrAdopt(folder: DataFolder, onLog: (message: string) => void): Promise<Postmaster> {
  const { cluster } = folder;
  if (!(await exists(cluster.dir))) {
    await initialise(folder);
    onLog(`Created a database cluster in ${cluster.dir}.`);
  }
  // Other processes keep connection strings with the last port.
  const port = (await isUsed(folder.usersDir)) ? await readLastPort(cluster) : undefined;
  return await startOver(folder, onLog, port);
}

/** Starts the server again whenever it ends while this process uses it, on the port of `first`. */
function keepRunning(folder: DataFolder, first: Postmaster, onLog: (message: string) => void): Supervisor {
  let { pid } = first;
  return supervise({
    name: `PostgreSQL over ${folder.cluster.dir}`,
    isRunning: () => isAlive(pid),
    onLog,
    async restart() {
      const next = await withLock(folder.lockFile, () => startOver(folder, onLog, first.port));
      pid = next.pid;
    },
  });
}

/** Starts or adopts the server and registers a use of it. */
async function openServer(folder: DataFolder, lease: string, onLog: (message: string) => void) {
  return await withLock(folder.lockFile, async () => {
    const postmaster = await startOrAdopt(folder, onLog);
    const password = await readPassword(folder);
    await createDatabase(postmaster.port, password).catch(async cause => {
      if (!(await removeUser(folder.usersDir, lease))) await stopPostmaster(folder.cluster);
      throw refuse(folder, cause);
    });
    await addUser(folder.usersDir, lease);
    return { postmaster, url: urlOf(postmaster.port, password, ownName) };
  });
}

/** Ends a use of the server, and stops it after the last one. */
async function leaveServer(
  folder: DataFolder,
  { lease, claim }: { readonly lease: string; readonly claim: Claim },
  onLog: (message: string) => void,
): Promise<void> {
  await withLock(folder.lockFile, async () => {
    const isLast = !(await removeUser(folder.usersDir, lease));
    if (isLast) await stopPostmaster(folder.cluster);
    await claim.release(isLast);
    onLog(isLast ? 'Stopped PostgreSQL.' : 'Left PostgreSQL running: another process uses it.');
  });
}

/** Claims the data folder for this machine; what processes of another machine left there means nothing here. */
async function claimDataFolder(
  folder: DataFolder,
  { dataDir, onLog }: EmbeddedPostgresOptions,
): Promise<Claim> {
  return await claimFolder({ file: folder.machineFile, dataDir, onLog }, async () => {
    await rm(folder.usersDir, { recursive: true, force: true });
    await rm(folder.lockFile, { force: true });
  });
}

/**
 * Starts the PostgreSQL installed by npm over `dataDir`, and creates the cluster at the first start. A server left behind
 * by a killed process is adopted (or restarted when it does not respond); a server used by another living process is
 * shared. It listens on loopback only, on its last port or a free one, and survives a kill of this process. When the server
 * itself ends, it is started again.
 *
 * @throws {GatewayError} UNAVAILABLE or CONFIG_INVALID when it cannot be started here; the message has the cause and a remedy
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { onLog } = options;
  const folder = await prepareDataFolder(options);
  const lease = randomUUID();
  const claim = await claimDataFolder(folder, options);
  const { postmaster, url } = await openServer(folder, lease, onLog).catch(async error => {
    await claim.release(false);
    throw error;
  });
  const supervisor = keepRunning(folder, postmaster, onLog);
  let stopping: Promise<void> | undefined;
  return {
    url,
    stop() {
      stopping ??= supervisor.stop().then(() => leaveServer(folder, { lease, claim }, onLog));
      return stopping;
    },
  };
}

/**
 * Checks that an embedded PostgreSQL can be started over the data folder, without starting it.
 *
 * @throws {GatewayError} CONFIG_INVALID, UNAVAILABLE with the first thing that is missing
 */
export async function checkEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<void> {
  await prepareDataFolder(options);
}
