import { access, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '../../../domain/errors';
import { canEnter, chooseAccount } from './account';
import { openDataFolder } from './dataFolder';
import type { Cluster } from './postmaster';
import { preparePrograms } from './programs';

/** Megabytes on the disk to create a database and fill it with the demo shop, and to open an existing one. */
const freeMb = { toCreate: 250, toOpen: 50 } as const;

/** Linux follows this link to the working directory of a process even where a folder above it is closed to its account. */
const workingDirectory = '/proc/self/cwd';

/** Location and logging of the embedded PostgreSQL. */
export interface EmbeddedPostgresOptions {
  /** The gateway's data folder, created when missing; the cluster is in its subfolder `postgres`. */
  readonly dataDir: string;
  /** Called with a sentence per action: created, started, adopted, stopped. */
  readonly onLog: (message: string) => void;
}

/** The gateway's data folder, checked. */
export interface DataFolder {
  readonly cluster: Cluster;
  readonly passwordFile: string;
  readonly lockFile: string;
  readonly usersDir: string;
  readonly machineFile: string;
}

/** Whether something is at the path. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** @throws {GatewayError} UNAVAILABLE when another major version of PostgreSQL wrote the cluster */
async function checkVersion(clusterDir: string, version: string): Promise<void> {
  const found = (await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch(() => null))?.trim();
  const [expected] = version.split('.');
  if (found === undefined || found === expected) return;
  throw new GatewayError(
    'UNAVAILABLE',
    `Expected a database of PostgreSQL ${expected}; got one of PostgreSQL ${found} in ${clusterDir}. Export it with the version of Affinity that made it, or choose another folder: AFFINITY_DATA_DIR.`,
  );
}

/**
 * Returns how PostgreSQL is told its data folder: by name, or, when a folder above is closed to its account, as its
 * working directory.
 *
 * @throws {GatewayError} UNAVAILABLE when neither works
 */
async function nameCluster(folder: string, dir: string, account: Cluster['account']): Promise<string> {
  if (await canEnter(folder, account)) return dir;
  if (await exists(workingDirectory)) return workingDirectory;
  throw new GatewayError(
    'UNAVAILABLE',
    `Expected a data folder that the user "postgres" may enter, as PostgreSQL refuses to run as root; ${folder} is closed to it. Choose another folder (AFFINITY_DATA_DIR=/var/lib/affinity), start as another user, or set DATABASE_URL.`,
  );
}

/**
 * Checks everything that the embedded PostgreSQL needs, and prepares its programs: the data folder, the account, the version of
 * existing data. It starts nothing.
 *
 * @throws {GatewayError} CONFIG_INVALID, UNAVAILABLE with the first thing that is missing, and a remedy
 */
export async function prepareDataFolder({ dataDir, onLog }: EmbeddedPostgresOptions): Promise<DataFolder> {
  const named = join(dataDir, 'postgres');
  const folder = await openDataFolder(dataDir, (await exists(named)) ? freeMb.toOpen : freeMb.toCreate);
  // The folder may be a link to another disk.
  const dir = await realpath(join(folder, 'postgres')).catch(() => join(folder, 'postgres'));
  const account = await chooseAccount(dir);
  const { binaries, version } = await preparePrograms({ account, dataDir: folder, onLog });
  await checkVersion(dir, version);
  return {
    cluster: {
      dir,
      argument: await nameCluster(folder, dir, account),
      logFile: join(folder, 'postgres.log'),
      portFile: join(folder, 'postgres.port'),
      binaries,
      account,
    },
    passwordFile: join(folder, 'postgres.password'),
    lockFile: join(folder, 'postgres.lock'),
    usersDir: join(folder, 'postgres.users'),
    machineFile: join(folder, 'postgres.machine'),
  };
}
