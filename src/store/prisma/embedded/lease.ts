import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../../../domain/errors';
import { isAlive, startOf } from './processIdentity';

const lockWaitMs = 90_000;
const lockPollMs = 20;

interface Holder {
  readonly pid: number;
  readonly start: string;
}

const ownHolder = async (): Promise<Holder> => ({ pid: process.pid, start: await startOf(process.pid) });

async function isHeld(path: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return false;
  // Empty: its owner is between creating and writing it, or died there; the caller checks again.
  if (text === '') return true;
  const { pid, start } = JSON.parse(text) as Holder;
  return isAlive(pid) && (start === '' || start === (await startOf(pid)));
}

async function tryLock(path: string): Promise<boolean> {
  const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return null;
    throw error;
  });
  if (file === null) return false;
  await file.writeFile(JSON.stringify(await ownHolder()));
  await file.close();
  return true;
}

/**
 * Runs `work` under an exclusive lock file. The lock of a dead process is taken over.
 *
 * @throws {GatewayError} UNAVAILABLE when a living process holds it for more than 90 s
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  let emptyLooks = 0;
  for (let waited = 0; !(await tryLock(path)); waited += lockPollMs) {
    const isEmpty = (await readFile(path, 'utf8').catch(() => null)) === '';
    emptyLooks = isEmpty ? emptyLooks + 1 : 0;
    if (emptyLooks > 100 || !(await isHeld(path))) await rm(path, { force: true });
    else if (waited > lockWaitMs) {
      throw new GatewayError(
        'UNAVAILABLE',
        `Expected ${path} to be free; another process has held it for ${lockWaitMs / 1000} s. End that process.`,
      );
    } else await sleep(lockPollMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Registers this process as a user of the server, until {@link removeUser} or its death. Call under the lock. */
export async function addUser(folder: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), JSON.stringify(await ownHolder()));
}

/** Unregisters a use and returns whether a living process still uses the server. Call under the lock. */
export async function removeUser(folder: string, name: string): Promise<boolean> {
  await rm(join(folder, name), { force: true });
  return await isUsed(folder);
}

async function isUsed(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder).catch(() => [])) {
    if (await isHeld(join(folder, entry))) return true;
    await rm(join(folder, entry), { force: true });
  }
  return false;
}
