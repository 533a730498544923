import { randomUUID } from 'node:crypto';
import { mkdir, open, realpath, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GatewayError } from '../../../domain/errors';
import { fileFailure } from './fileFailure';

const bytesPerMb = 1_000_000;

/** Failures of {@link tryFolder} that mean something else elsewhere. */
const ownFailures: ReadonlyMap<string, string> = new Map([
  ['EEXIST', 'it is a link to nothing'],
  ['ENOENT', 'its file system allows no new folders'],
]);

const refuse = (dataDir: string, found: string, cause?: unknown) =>
  new GatewayError(
    'CONFIG_INVALID',
    `Expected a data folder that can be written, ${dataDir}; got: ${found}. Change that, or choose another folder: AFFINITY_DATA_DIR.`,
    {},
    { cause },
  );

const ignore = (code: string) => (error: NodeJS.ErrnoException) => {
  if (error.code !== code) throw error;
};

/**
 * Creates the folder with those above it. Node's own recursive mkdir reports read-only file systems as ENOENT, and does not
 * return for a folder under /proc.
 */
async function createFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  if (parent !== folder) {
    await stat(parent).catch(async error => {
      ignore('ENOENT')(error);
      await createFolder(parent);
    });
  }
  await mkdir(folder);
}

/** Creates the folder when missing, and writes a file to try it. */
async function tryFolder(dataDir: string): Promise<string> {
  const folder = await realpath(dataDir).catch(async error => {
    ignore('ENOENT')(error);
    await createFolder(dataDir);
    return await realpath(dataDir);
  });
  const file = join(folder, `trial-${process.pid}-${randomUUID()}`);
  try {
    const handle = await open(file, 'w');
    await handle.writeFile('trial').finally(() => handle.close());
  } finally {
    await rm(file, { force: true });
  }
  return folder;
}

/**
 * Opens the data folder: creates it when missing.
 *
 * @param freeMb - megabytes that must be free on its disk
 * @returns its real path
 * @throws {GatewayError} CONFIG_INVALID when it cannot be written, or its disk is full
 */
export async function openDataFolder(dataDir: string, freeMb = 1): Promise<string> {
  const folder = await tryFolder(dataDir).catch((error: NodeJS.ErrnoException) => {
    throw refuse(dataDir, ownFailures.get(error.code ?? '') ?? fileFailure(error), error);
  });
  const { bavail, bsize } = await statfs(folder);
  const free = Math.floor((bavail * bsize) / bytesPerMb);
  if (free < freeMb) throw refuse(dataDir, `${free} MB free on its disk, where ${freeMb} MB are needed`);
  return folder;
}
