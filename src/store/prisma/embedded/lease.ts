import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../../../domain/errors';
import { isAlive, startOf } from './processIdentity';

const lockWaitMs = 90_000;
const lockPollMs = 20;
/** A lock file that stays unwritten for this many polls is that of a process that died. */
const maxUnwrittenPolls = 100;

const unwrittenMark = '.new';

interface Holder {
  readonly pid: number;
  readonly start: string;
}

const ownHolder = async (): Promise<Holder> => ({ pid: process.pid, start: await startOf(process.pid) });

/** Reads a holder; null when the file is missing, `unwritten` when its owner is writing it, or died before it was written. */
async function readHolder(path: string): Promise<Holder | 'unwritten' | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return 'unwritten';
  }
}

async function isLiving({ pid, start }: Holder): Promise<boolean> {
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

const refuseLock = (path: string, holder: Holder | 'unwritten' | null) =>
  new GatewayError(
    'UNAVAILABLE',
    `Expected ${path} to be free; process ${typeof holder === 'object' ? holder?.pid : 'unknown'} has held it for ${lockWaitMs / 1000} s. End that process.`,
  );

/**
 * Runs `work` under an exclusive lock file. The lock of a dead process is taken over.
 *
 * @throws {GatewayError} UNAVAILABLE when a living process holds it for more than 90 s
 */
export async function withLock<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  let unwrittenPolls = 0;
  for (let waited = 0; !(await tryLock(path)); waited += lockPollMs) {
    const holder = await readHolder(path);
    unwrittenPolls = holder === 'unwritten' ? unwrittenPolls + 1 : 0;
    const isFree =
      holder === 'unwritten'
        ? unwrittenPolls > maxUnwrittenPolls
        : holder === null || !(await isLiving(holder));
    if (isFree) await rm(path, { force: true });
    else if (waited > lockWaitMs) throw refuseLock(path, holder);
    else await sleep(lockPollMs);
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
  const file = join(folder, name);
  // Complete once it is there: a half-written use of a killed process would count for ever.
  await writeFile(`${file}${unwrittenMark}`, JSON.stringify(await ownHolder()));
  await rename(`${file}${unwrittenMark}`, file);
}

/** Unregisters a use and returns whether a living process still uses the server. Call under the lock. */
export async function removeUser(folder: string, name: string): Promise<boolean> {
  await rm(join(folder, name), { force: true });
  return await isUsed(folder);
}

/** Whether a living process uses the server; removes the uses of dead ones. Call under the lock. */
export async function isUsed(folder: string): Promise<boolean> {
  for (const entry of await readdir(folder).catch(() => [])) {
    const holder = await readHolder(join(folder, entry));
    if (holder !== null && holder !== 'unwritten' && (await isLiving(holder))) return true;
    await rm(join(folder, entry), { force: true });
  }
  return false;
}
