import { setTimeout as pause } from 'node:timers/promises';

/** Something of BullMQ over a connection. When the connection fails while it opens, it never works. */
export interface Opening {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** What {@link keepOpening} opened last. */
export interface KeptOpening<Opened extends Opening> {
  current(): Opened;
  /** Whether the current one was open once. From then on it connects again by itself. */
  isReady(): boolean;
  /** Resolves when it was open once, or when it is stopped before. */
  readonly ready: Promise<void>;
  /** Opens no further one. The current one stays as it is. */
  stop(): void;
}

const reopenMs = 1_000;

/**
 * Opens something, and opens it anew while that fails, until it was open once. A server that is down keeps it waiting, and is
 * connected to when it comes back.
 *
 * @param onError - called with each failure
 */
export function keepOpening<Opened extends Opening>(
  open: () => Opened,
  onError: (error: Error) => void,
): KeptOpening<Opened> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = open();
  let isReady = false;

  async function isOpen(): Promise<boolean> {
    try {
      await current.waitUntilReady();
      return true;
    } catch (error) {
      if (!signal.aborted) onError(error as Error);
      return false;
    }
  }

  async function supervise(): Promise<void> {
    while (!signal.aborted) {
      isReady = await isOpen();
      if (isReady || signal.aborted) return;
      await current.close().catch(() => undefined);
      await pause(reopenMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) current = open();
    }
  }

  const stopped = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
  return {
    current: () => current,
    isReady: () => isReady,
    ready: Promise.race([supervise(), stopped]),
    stop: () => stopping.abort(),
  };
}
