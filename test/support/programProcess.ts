import { type ChildProcess, spawn } from 'node:child_process';

/** A program in its own process group, with its output. */
export interface ProgramProcess {
  readonly pid: number;
  /** All output so far. */
  output(): string;
  /** Resolves with the first match in the output. Rejects when the program ends without one. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal to the program only, not to its children. */
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit status or signal of the program; its children may still run. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** Resolves when the program and every process that shares its output have ended. */
  readonly ended: Promise<void>;
  /** Kills the whole process group, when a test failed. */
  kill(): void;
}

function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
  });
}

/** Kills a process group; one that has ended is not an error. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Starts a program. @param env - added to the environment of the tests */
export function startProgram(
  command: readonly [string, ...string[]],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): ProgramProcess {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const waiting = new Set<() => void>();
  const onOutput = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    for (const look of waiting) look();
  };
  child.stdout.on('data', onOutput);
  child.stderr.on('data', onOutput);
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const { pid } = child;
  if (pid === undefined) throw new Error(`Expected to start ${file}; it did not start. Is it installed?`);
  return {
    pid,
    output: () => text,
    printed: pattern =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(text);
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        void ended.then(() => {
          if (waiting.delete(look)) reject(new Error(`Expected ${pattern} to be printed; got:\n${text}`));
        });
        look();
      }),
    signal: name => void process.kill(pid, name),
    exited: exitOf(child),
    ended,
    kill: () => killGroup(pid),
  };
}
