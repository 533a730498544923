import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  chown,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { GatewayError } from '../../domain/errors';
import { checkReach, chooseAccount } from './embedded/account';
import { findBinaries } from './embedded/binaries';
import { addUser, removeUser, withLock } from './embedded/lease';
import {
  type Cluster,
  findLiving,
  type Postmaster,
  programEnv,
  startPostmaster,
  stopPostmaster,
  waitUntilReady,
} from './embedded/postmaster';
import { isAlive } from './embedded/processIdentity';

const run = promisify(execFile);
const name = 'affinity';
const maxLogBytes = 10_000_000;

/** A PostgreSQL server that the gateway runs itself. */
export interface EmbeddedPostgres {
  /** Connection string with the password: must not be logged. */
  readonly url: string;
  /** Ends this process's use of the server; the server stops when no living process uses it. */
  stop(): Promise<void>;
}

/** Location and logging of the embedded PostgreSQL. */
export interface EmbeddedPostgresOptions {
  /** The gateway's data folder, created when missing; the cluster is in its subfolder `postgres`. */
  readonly dataDir: string;
  /** Called with a sentence per action: created, started, adopted, stopped. */
  readonly onLog: (message: string) => void;
}

interface Home {
  readonly cluster: Cluster;
  readonly passwordFile: string;
  readonly lockFile: string;
  readonly usersDir: string;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

async function initialise({ cluster, passwordFile }: Home): Promise<void> {
  const { account, binaries, dir } = cluster;
  const unfinished = `${dir}.new`;
  const handOver = `${unfinished}.password`;
  const password = randomBytes(24).toString('base64url');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(handOver, password, { mode: 0o600 });
  if (account.uid !== undefined && account.gid !== undefined) {
    for (const path of [unfinished, handOver]) await chown(path, account.uid, account.gid);
  }
  // Code point order and Unicode case mapping on every machine: sorting must not depend on installed locales.
  const locale = ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const auth = [`--username=${name}`, '--auth=scram-sha-256', `--pwfile=${handOver}`];
  await run(binaries.initdb, ['-D', unfinished, ...auth, ...locale], {
    ...account,
    ...programEnv(),
    cwd: unfinished,
  }).finally(() => rm(handOver, { force: true }));
  await writeFile(passwordFile, password, { mode: 0o600 });
  await chmod(passwordFile, 0o600);
  // The password is written before the cluster appears, so after a crash in between a new cluster is initialized.
  await rename(unfinished, dir);
}

async function prepareHome(dataDir: string): Promise<Home> {
  await mkdir(dataDir, { recursive: true });
  const home = await realpath(dataDir);
  const [binaries, account] = await Promise.all([findBinaries(), chooseAccount()]);
  // The other account may traverse the folder; secrets in it remain readable by their owner only.
  if (account.uid !== undefined) await chmod(home, (await stat(home)).mode | 0o111);
  for (const path of [binaries.postgres, home]) await checkReach(path, account);
  return {
    cluster: {
      dir: join(home, 'postgres'),
      logFile: join(home, 'postgres.log'),
      portFile: join(home, 'postgres.port'),
      binaries,
      account,
    },
    passwordFile: join(home, 'postgres.password'),
    lockFile: join(home, 'postgres.lock'),
    usersDir: join(home, 'postgres.users'),
  };
}

const urlOf = (port: number, password: string, database: string) =>
  `postgresql://${name}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;

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
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${name}`);
  });
}

/** Whether the server on that port runs over this cluster, and is not another one that took over the port. */
async function isOurs(port: number, password: string, dir: string): Promise<boolean> {
  const answer = query(urlOf(port, password, 'postgres'), client => client.query('SHOW data_directory'));
  return await answer.then(
    ({ rows }) => resolve(rows[0].data_directory) === dir,
    () => false,
  );
}

/** Returns a running postmaster of an earlier or concurrent process once it responds; null when a new one is needed. */
async function adopt({ cluster }: Home, password: string, onLog: (message: string) => void) {
  const found = await findLiving(cluster.dir);
  if (found === null) return null;
  const ready = await waitUntilReady(cluster.dir, () => !isAlive(found.pid));
  if (ready !== null && (await isOurs(ready.port, password, cluster.dir))) {
    onLog(`Adopted the PostgreSQL that runs over ${cluster.dir} (process ${ready.pid}, port ${ready.port}).`);
    return ready;
  }
  if ((await findLiving(cluster.dir)) !== null) {
    onLog(`Stopping the PostgreSQL over ${cluster.dir} (process ${found.pid}): it does not respond.`);
    await stopPostmaster(cluster);
  }
  return null;
}

const refuse = ({ cluster, passwordFile }: Home, cause: unknown) =>
  new GatewayError(
    'UNAVAILABLE',
    `Expected the password in ${passwordFile} to open ${cluster.dir}; it does not. Put it back from a backup, or move both away to begin with an empty database.`,
    {},
    { cause },
  );

const readPassword = (home: Home): Promise<string> =>
  readFile(home.passwordFile, 'utf8').catch(cause => {
    throw refuse(home, cause);
  });

async function startOrAdopt(home: Home, onLog: (message: string) => void): Promise<Postmaster> {
  const { cluster } = home;
  if (!(await exists(cluster.dir))) {
    await initialise(home);
    onLog(`Created a database cluster in ${cluster.dir}.`);
  }
  const password = await readPassword(home);
  const adopted = await adopt(home, password, onLog);
  if (adopted !== null) return adopted;
  const logLength = await stat(cluster.logFile).then(
    info => info.size,
    () => 0,
  );
  if (logLength > maxLogBytes) await truncate(cluster.logFile);
  const started = await startPostmaster(cluster);
  onLog(`Started PostgreSQL over ${cluster.dir} (process ${started.pid}, port ${started.port}).`);
  return started;
}

/**
 * Starts the PostgreSQL installed by npm over `dataDir`, and creates the cluster at the first start. A server left behind
 * by a killed process is adopted (or restarted when it does not respond); a server used by another living process is
 * shared. It listens on loopback only, on its last port or a free one, and survives a kill of this process.
 *
 * @throws {GatewayError} UNAVAILABLE when it cannot be started here; the message has the cause and a remedy
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, onLog } = options;
  const home = await prepareHome(dataDir);
  const lease = randomUUID();
  const url = await withLock(home.lockFile, async () => {
    const { port } = await startOrAdopt(home, onLog);
    const password = await readPassword(home);
    await createDatabase(port, password).catch(async cause => {
      if (!(await removeUser(home.usersDir, lease))) await stopPostmaster(home.cluster);
      throw refuse(home, cause);
    });
    await addUser(home.usersDir, lease);
    return urlOf(port, password, name);
  });
  let stopping: Promise<void> | undefined;
  const stop = () =>
    withLock(home.lockFile, async () => {
      if (await removeUser(home.usersDir, lease)) {
        onLog('Left PostgreSQL running: another process uses it.');
        return;
      }
      await stopPostmaster(home.cluster);
      onLog('Stopped PostgreSQL.');
    });
  return {
    url,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
