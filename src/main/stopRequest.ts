import { isRunByNpm } from './config';
import { isClosedOutput, writeFailure } from './files/writeFailure';

/** The signals that ask a process to stop. */
export type StopCause = 'SIGINT' | 'SIGTERM';

/** A request to stop, by Ctrl-C or from a supervisor. */
export interface StopRequest {
  /** Aborts at the first request. */
  readonly signal: AbortSignal;
  /** Resolves at the first request. */
  readonly requested: Promise<StopCause>;
  /** Exit status of a process that the request ended before its work was done: 128 + the number of the signal. */
  exitCode(): number;
}

/** Options of {@link listenForStop}. */
export interface StopOptions {
  /** Time from the first request to the end of the process, finished or not; null: no limit. */
  readonly graceMs: number | null;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
/**
 * Signals within this time of the first request are the same request: terminals and service managers signal npm and this
 * process, and npm passes its own signal on.
 */
const sameRequestMs = 300;
const parentPollMs = 200;

let parentTimer: NodeJS.Timeout | undefined;

/**
 * Sends SIGTERM to this process when the npm or npx that started it ends. npx runs programs through `sh -c`: SIGTERM ends npx
 * and the shell, and never reaches the program. On Windows the id of the parent does not change, so nothing is noticed.
 */
export function endWithNpm(): void {
  if (!isRunByNpm()) return;
  const parent = process.ppid;
  parentTimer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(parentTimer);
    process.kill(process.pid, 'SIGTERM');
  }, parentPollMs).unref();
}

function endAfter(graceMs: number): void {
  setTimeout(() => {
    console.error(
      `Expected to stop within ${graceMs / 1000} s; some work is unfinished. Ending now; AFFINITY_GRACE_SECONDS allows more time.`,
    );
    process.exit(1);
  }, graceMs).unref();
}

/** Listens for SIGINT and SIGTERM. A second signal ends the process at once, and so does the end of the grace period. */
export function listenForStop({ graceMs }: StopOptions = { graceMs: null }): StopRequest {
  const abort = new AbortController();
  let first: { readonly cause: StopCause; readonly at: number } | null = null;
  const requested = new Promise<StopCause>(resolve => {
    const request = (cause: StopCause): void => {
      if (first !== null) return;
      first = { cause, at: performance.now() };
      // The end of npm after a signal is no second signal.
      clearInterval(parentTimer);
      if (graceMs !== null) endAfter(graceMs);
      abort.abort();
      resolve(cause);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (first !== null && performance.now() - first.at > sameRequestMs) process.exit(exitCodes[signal]);
        request(signal);
      });
    }
  });
  return { signal: abort.signal, requested, exitCode: () => (first === null ? 0 : exitCodes[first.cause]) };
}

/**
 * Lets a command finish when nobody reads its output any more (`npm start | head`), and when the disk of its output is full: the
 * latter is reported once, and the command then exits with 1.
 *
 * @returns whether this error was reported
 */
export function surviveFailedOutput(): (error: unknown) => boolean {
  const reported: unknown[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (isClosedOutput(error)) return;
      const failure = writeFailure(error);
      if (failure === null) throw error;
      process.exitCode = 1;
      if (reported.length > 0 || stream === process.stderr) return;
      reported.push(error);
      console.error(`${failure.code}: ${failure.message}`);
    });
  }
  return error => reported.includes(error);
}
