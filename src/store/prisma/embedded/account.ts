import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { GatewayError } from '../../../domain/errors';

const run = promisify(execFile);

/** System account that runs PostgreSQL; empty: the account of this process. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const ownId = () => process.getuid?.();
const idOf = async (flag: '-u' | '-g', name: string) => Number((await run('id', [flag, name])).stdout);
const lookUp = async (name: string) => ({ uid: await idOf('-u', name), gid: await idOf('-g', name) });

async function createAccount(): Promise<Account> {
  await run('groupadd', ['--force', '--system', 'postgres']);
  await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']);
  return await lookUp('postgres');
}

async function ownerOf(clusterDir: string): Promise<Required<Account> | null> {
  return await stat(clusterDir).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => null,
  );
}

/**
 * Chooses the account that runs PostgreSQL: our own, or, as PostgreSQL refuses to run as root, the owner of the existing
 * cluster, or `postgres`, which is created when missing.
 *
 * @throws {GatewayError} UNAVAILABLE when the cluster belongs to another account, or when root can neither find nor create
 *   the account `postgres`
 */
export async function chooseAccount(clusterDir: string): Promise<Account> {
  const owner = await ownerOf(clusterDir);
  const own = ownId();
  if (own !== 0) {
    if (owner === null || own === undefined || owner.uid === own) return {};
    throw new GatewayError(
      'UNAVAILABLE',
      `Expected a database that belongs to the account of this process (id ${own}); ${clusterDir} belongs to id ${owner.uid}. Start as that account or as root, or choose another folder: AFFINITY_DATA_DIR.`,
    );
  }
  if (owner !== null && owner.uid !== 0) return owner;
  return await lookUp('postgres').catch(async () => {
    try {
      return await createAccount();
    } catch (cause) {
      throw new GatewayError(
        'UNAVAILABLE',
        'Expected to run the embedded PostgreSQL as the user "postgres", as it refuses to run as root; there is no such user and none could be created. Start as another user, create that user, or set DATABASE_URL.',
        {},
        { cause },
      );
    }
  });
}

/** Whether the account may enter a folder, found by trying: owners, groups, access lists and mounts all count. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  if (account.uid === undefined) return true;
  return await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { ...account, cwd: '/' }).then(
    () => true,
    () => false,
  );
}
