import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Fields of /proc/<pid>/stat from the state on (the name before it may contain spaces); null: no such file. */
function statOf(pid: number): readonly string[] | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Whether a process with this id runs, under any owner. Zombies do not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const state = statOf(pid)?.[0];
  return state !== 'Z' && state !== 'X';
}

/**
 * Returns the start of a process, which identifies it when its id is reused. Empty on systems that do not report it
 * (Windows), where only the id is compared.
 */
export async function startOf(pid: number): Promise<string> {
  // Clock ticks from boot to the start of the process.
  const ticks = statOf(pid)?.[19];
  if (ticks !== undefined) return ticks;
  const ps = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
  return ps?.stdout.trim() ?? '';
}

/**
 * Whether the living process is a PostgreSQL over this folder. After a crash of the machine ids are reused, so that the id
 * in an old postmaster.pid may belong to any process.
 */
export async function isPostgresOver(pid: number, clusterDir: string): Promise<boolean> {
  // The working directory of a postmaster is its data directory.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (folder !== null) return folder === clusterDir;
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (status !== null) return status.includes('(postgres)');
  const ps = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null);
  return ps === null || ps.stdout.includes('postgres');
}
