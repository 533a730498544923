import { setTimeout as sleep } from 'node:timers/promises';

const watchMs = 100;
/** A server that lived for less than this counts as a failed start. */
const livedMs = 1_000;
const firstWaitMs = 100;
const lastWaitMs = 5_000;

/** What {@link supervise} watches. */
export interface Supervised {
  isRunning(): boolean;
  /** Starts it again. Rejects when it cannot be started now. */
  restart(): Promise<void>;
  /** Called with a sentence when it is found ended, and when it could not be started for the first time. */
  readonly onLog: (message: string) => void;
  /** Name for messages. */
  readonly name: string;
}

/** Watches until it is stopped. */
export interface Supervisor {
  /** Resolves when nothing is being started any more. */
  stop(): Promise<void>;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Starts a server again whenever it has ended. Failed starts are repeated for as long as the process lives, after 0.1 s, 0.2 s, and
 * so on up to 5 s. Watching does not keep the process alive.
 */
export function supervise({ isRunning, restart, onLog, name }: Supervised): Supervisor {
  const stopped = new AbortController();
  const { signal } = stopped;
  const pause = (ms: number) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  let failures = 0;
  let startedAt = Number.NEGATIVE_INFINITY;

  async function startAgain(): Promise<void> {
    if (performance.now() - startedAt < livedMs) failures++;
    else failures = 0;
    onLog(`${name} has ended: starting it again.`);
    for (let isReported = false; ; isReported = true) {
      if (failures > 0) await pause(Math.min(lastWaitMs, firstWaitMs * 2 ** (failures - 1)));
      if (signal.aborted) return;
      try {
        await restart();
        startedAt = performance.now();
        return;
      } catch (error) {
        failures++;
        if (!isReported) onLog(`${name} does not start; trying until it does. ${messageOf(error)}`);
      }
    }
  }

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      if (!isRunning()) await startAgain();
      await pause(watchMs);
    }
  }

  const watching = watch();
  return {
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}
