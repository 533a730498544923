import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { promisify } from 'node:util';
import type { Account } from './account';

const run = promisify(execFile);
const isRoot = () => process.getuid?.() === 0;

/**
 * Checks that only root and this account can replace anything in the folder. Sticky folders, such as /tmp, protect what is
 * in them.
 */
async function checkOwners(folder: string): Promise<void> {
  const own = process.getuid?.();
  if (own === undefined) return;
  for (let path = folder; ; path = dirname(path)) {
    const { uid, gid, mode } = await lstat(path);
    const isSticky = (mode & 0o1000) !== 0 && path !== folder;
    const isShared = (mode & 0o002) !== 0 || (isRoot() && (mode & 0o020) !== 0 && gid !== 0);
    if ((uid !== 0 && uid !== own) || (isShared && !isSticky)) {
      throw new Error(`another account can change ${path}`);
    }
    if (path === parse(path).root) return;
  }
}

/** Checks that the account can run a program in the folder: it may be closed, or mounted without execution. */
async function checkExecution(folder: string, account: Account): Promise<void> {
  // Another check of this process may be under way.
  const script = join(folder, `trial-${process.pid}-${randomUUID()}`);
  try {
    await writeFile(script, '#!/bin/sh\nexit 0\n');
    await chmod(script, 0o755);
    await run(script, { ...account, cwd: '/' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another child of this process holds the file open until its own program begins: the account may run it.
    if (code === 'ETXTBSY') return;
    if (code !== 'EACCES') throw error;
    throw new Error('programs cannot be run there', { cause: error });
  } finally {
    await rm(script, { force: true });
  }
}

/**
 * Opens a folder for programs: creates it, and checks that no other account has prepared it or can change it, and that
 * `account` can run what is in it.
 *
 * @throws why it cannot be used
 */
export async function openProgramFolder(folder: string, account: Account): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { mode: 0o755 }).catch(error => {
    if (error.code !== 'EEXIST') throw error;
  });
  if (!(await lstat(folder)).isDirectory()) throw new Error('it is not a folder');
  await checkOwners(await realpath(folder));
  await chmod(folder, 0o755);
  if (process.platform !== 'win32') await checkExecution(folder, account);
}
