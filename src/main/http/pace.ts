import { setTimeout as pause } from 'node:timers/promises';

/** Spreads responses over time. */
export interface Pace {
  /** Returns whether the next response must be delayed. Counts nothing. */
  isExceeded(): boolean;
  /** Counts a response, and returns the milliseconds by which it must be delayed: 0 while responses are rare. */
  nextDelayMs(): number;
  /** Counts a response, and returns after its delay. */
  wait(): Promise<void>;
}

/** Settings of a pace. */
export interface PaceOptions {
  /** Responses per second beyond which they are delayed. */
  readonly perSecond: number;
  /** Responses in one moment that are not delayed. */
  readonly burst: number;
  /** Maximum delay in milliseconds. */
  readonly maxDelayMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const defaults: PaceOptions = {
  perSecond: 200,
  burst: 100,
  maxDelayMs: 1000,
  clock: () => performance.now(),
  sleep: milliseconds => pause(milliseconds),
};

/**
 * Creates a pace (a virtual-scheduling leaky bucket). Callers that send their next request after each response, however
 * many connections they hold, get about `perSecond` responses per second: they take a small share of the processor, and
 * other callers hardly notice them.
 */
export function createPace(options: Partial<PaceOptions> = {}): Pace {
  const { perSecond, burst, maxDelayMs, clock, sleep } = { ...defaults, ...options };
  const spacingMs = 1000 / perSecond;
  const toleranceMs = burst * spacingMs;
  /** When the next response is due if all responses so far are evenly spaced. */
  let dueAt = Number.NEGATIVE_INFINITY;

  function nextDelayMs(): number {
    const now = clock();
    const delayMs = Math.max(dueAt, now) - toleranceMs - now;
    dueAt = Math.min(Math.max(dueAt, now) + spacingMs, now + toleranceMs + maxDelayMs);
    return Math.min(Math.max(delayMs, 0), maxDelayMs);
  }

  return {
    isExceeded: () => dueAt - toleranceMs > clock(),
    nextDelayMs,
    async wait() {
      const delayMs = nextDelayMs();
      if (delayMs > 0) await sleep(delayMs);
    },
  };
}
