import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GatewayError } from '../../../domain/errors';
import { programEnv } from './binaries';
import type { Cluster } from './postmaster';
import type { DataFolder } from './prepareDataFolder';

/** Role and database of the gateway. */
export const ownName = 'affinity';
const unfinishedMark = '.new';

/** Removes what an interrupted start left. Its initdb may write for another moment; the next start removes the rest. */
async function removeUnfinished(dir: string): Promise<void> {
  for (const name of await readdir(dirname(dir))) {
    if (!name.startsWith(basename(dir) + unfinishedMark)) continue;
    await rm(join(dirname(dir), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Creates a cluster in an empty folder. @throws {GatewayError} UNAVAILABLE with the end of initdb's output */
async function runInitdb(cluster: Cluster, folder: string, passwordFile: string): Promise<void> {
  const { binaries, account } = cluster;
  // Where the account may not enter the data folder, it gets both by its working directory and its standard input.
  const isNamed = cluster.argument === cluster.dir;
  // Code point order and Unicode case mapping on every machine: sorting must not depend on installed locales.
  const locale = ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const password = `--pwfile=${isNamed ? passwordFile : '/proc/self/fd/0'}`;
  const auth = [`--username=${ownName}`, '--auth=scram-sha-256', password];
  const input = await open(passwordFile, 'r');
  const child = spawn(binaries.initdb, ['-D', isNamed ? folder : cluster.argument, ...auth, ...locale], {
    ...account,
    ...programEnv(),
    cwd: folder,
    stdio: [input.fd, 'ignore', 'pipe'],
  });
  const [[code], errors] = await Promise.all([
    once(child, 'close'),
    child.stderr === null ? '' : text(child.stderr),
  ]).finally(() => input.close());
  if (code === 0) return;
  throw new GatewayError(
    'UNAVAILABLE',
    `Expected to create a database in ${cluster.dir}; PostgreSQL's initdb ended with "${errors.trim().split('\n').at(-1)}". Make room on the disk, choose another folder (AFFINITY_DATA_DIR), or set DATABASE_URL.`,
  );
}

/** Creates the cluster, with a random password. Interrupted at any moment, it leaves nothing that a next start takes for one. */
export async function initialise({ cluster, passwordFile }: DataFolder): Promise<void> {
  const { account, dir } = cluster;
  const password = randomBytes(24).toString('base64url');
  await removeUnfinished(dir);
  const unfinished = await mkdtemp(`${dir}${unfinishedMark}-`);
  const handOver = `${unfinished}.password`;
  try {
    await writeFile(handOver, password, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) {
      for (const path of [unfinished, handOver]) await chown(path, account.uid, account.gid);
    }
    await runInitdb(cluster, unfinished, handOver);
    await writeFile(passwordFile, password, { mode: 0o600 });
    await chmod(passwordFile, 0o600);
    // The password is written before the cluster appears, so after a crash in between a new cluster is initialized.
    await rename(unfinished, dir);
  } finally {
    await rm(handOver, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}
