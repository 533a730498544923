import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { dirname, parse, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GatewayError } from '../../../domain/errors';

const run = promisify(execFile);

/** System account that runs PostgreSQL; empty: the account of this process. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const isRoot = () => process.getuid?.() === 0;
const idOf = async (flag: '-u' | '-g', name: string) => Number((await run('id', [flag, name])).stdout);
const lookUp = async (name: string) => ({ uid: await idOf('-u', name), gid: await idOf('-g', name) });

async function createAccount(): Promise<Account> {
  await run('groupadd', ['--force', '--system', 'postgres']);
  await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']);
  return await lookUp('postgres');
}

/**
 * Chooses the account that runs PostgreSQL: our own, or, as PostgreSQL refuses to run as root, `postgres`, which is
 * created when missing.
 *
 * @throws {GatewayError} UNAVAILABLE when root can neither find nor create that account
 */
export async function chooseAccount(): Promise<Account> {
  if (!isRoot()) return {};
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

const mayEnter = (mode: number, owner: boolean, group: boolean) => {
  if (owner) return (mode & 0o100) !== 0;
  return (mode & (group ? 0o010 : 0o001)) !== 0;
};

/**
 * Checks that the account may traverse every folder of `path`.
 *
 * @throws {GatewayError} UNAVAILABLE with the first folder that is closed to it
 */
export async function checkReach(path: string, { uid, gid }: Account): Promise<void> {
  if (uid === undefined) return await access(path, constants.R_OK);
  const folders: string[] = [];
  const { root } = parse(resolve(path));
  for (let folder = resolve(path); folder !== root; folder = dirname(folder)) folders.unshift(folder);
  for (const folder of folders) {
    const info = await stat(folder);
    if (info.isDirectory() && !mayEnter(info.mode, info.uid === uid, info.gid === gid)) {
      throw new GatewayError(
        'UNAVAILABLE',
        `Expected folders that the user "postgres" may enter (the embedded PostgreSQL cannot run as root); ${folder} is closed to it. Start as another user, move out of ${folder} (AFFINITY_DATA_DIR moves the data), or set DATABASE_URL.`,
      );
    }
  }
}
