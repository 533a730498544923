import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Fields of /proc/<pid>/stat from the state on (the name before them may hold spaces); null where there is none. */
function statOf(pid: number): readonly string[] | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Whether a process of this id runs, whoever owns it. One that ended but was not yet reaped does not. */
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
 * Something that stays the same while a process lives and differs when its id is reused: its start. Empty where the
 * system does not tell (Windows), so that there only the id counts.
 */
export async function startOf(pid: number): Promise<string> {
  // Clock ticks from boot to the process's start.
  const ticks = statOf(pid)?.[19];
  if (ticks !== undefined) return ticks;
  const ps = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
  return ps?.stdout.trim() ?? '';
}

/**
 * Whether the living process is a PostgreSQL over this folder. A crashed machine reuses ids: the number in an old
 * postmaster.pid may by now be anybody's.
 */
export async function isPostgresOver(pid: number, clusterDir: string): Promise<boolean> {
  // A postmaster's working folder is its data.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (folder !== null) return folder === clusterDir;
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (status !== null) return status.includes('(postgres)');
  const ps = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null);
  return ps === null || ps.stdout.includes('postgres');
}
