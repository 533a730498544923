// Processes are told apart by their ids, which mean something on one machine, and there in one container, only. Two containers
// that share a data folder would each take the other for dead, and start two servers over the same files.
import { readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../../../domain/errors';

const beatMs = 1_000;
/** Several beats: a machine that is busy misses one. */
const watchMs = 6_000;

/** How a machine, or a container on it, is told from others. */
interface Machine {
  /** Boot and process namespace. */
  readonly id: string;
  /** For messages. */
  readonly name: string;
}

/** Returns this machine; null on systems that have no containers of this kind. */
async function thisMachine(): Promise<Machine | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return { id: `${boot.trim()} ${await readlink('/proc/self/ns/pid')}`, name: hostname() };
  } catch {
    return null;
  }
}

/** What {@link claimFolder} needs. */
export interface ClaimOptions {
  /** The file that names the machine which uses the folder. */
  readonly file: string;
  /** The folder, for messages. */
  readonly dataDir: string;
  readonly onLog: (message: string) => void;
  /** Waits for several beats of another machine. */
  readonly watch?: () => Promise<unknown>;
}

/** A folder that this machine uses. */
export interface Claim {
  /** Stops the beats. @param isLast - whether no process of this machine uses the folder any more */
  release(isLast: boolean): Promise<void>;
}

const changedAt = (file: string): Promise<number> =>
  stat(file).then(
    info => info.mtimeMs,
    () => 0,
  );

/** @throws {GatewayError} UNAVAILABLE when the file changes while it is watched */
async function checkSilent(other: string, { file, dataDir, onLog, watch }: ClaimOptions): Promise<void> {
  onLog(`Watching whether ${other} still uses ${dataDir}.`);
  const before = await changedAt(file);
  await (watch ?? (() => sleep(watchMs)))();
  if ((await changedAt(file)) === before) return;
  throw new GatewayError(
    'UNAVAILABLE',
    `Expected a data folder that one machine or container uses; ${other} uses ${dataDir} now. Stop the Affinity there, choose another folder (AFFINITY_DATA_DIR), or give both the same DATABASE_URL.`,
  );
}

async function readMachine(file: string): Promise<Machine | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text) as Machine;
  } catch {
    return { id: '', name: 'another machine' };
  }
}

/** Names this machine in the file. @returns whether another machine used the folder before, and has ended */
async function takeOver(own: Machine, options: ClaimOptions): Promise<boolean> {
  const { file } = options;
  const text = JSON.stringify(own);
  const isFirst = await writeFile(file, text, { flag: 'wx' }).then(
    () => true,
    error => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
  if (isFirst) return false;
  const found = await readMachine(file);
  // Released in this moment.
  if (found === null) return await takeOver(own, options);
  if (found.id === own.id) return false;
  await checkSilent(found.name, options);
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
  return true;
}

/**
 * Claims the data folder for this machine, and renews the claim every second until it is released.
 *
 * @param onTakenOver - called when another machine has left the folder without releasing it
 * @throws {GatewayError} UNAVAILABLE when another machine uses it
 */
export async function claimFolder(options: ClaimOptions, onTakenOver: () => Promise<void>): Promise<Claim> {
  const { file } = options;
  const own = await thisMachine();
  if (own === null) return { release: async () => undefined };
  if (await takeOver(own, options)) await onTakenOver();
  const beat = (): void => {
    const now = new Date();
    // The folder may have been removed; PostgreSQL notices by itself.
    utimes(file, now, now).catch(() => undefined);
  };
  const timer = setInterval(beat, beatMs).unref();
  return {
    async release(isLast) {
      clearInterval(timer);
      if (isLast) await rm(file, { force: true });
    },
  };
}
