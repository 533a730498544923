import { setTimeout as pause } from 'node:timers/promises';

/** Spreads responses over time. */
export interface Pace {
  /** Returns after the delay that the next response must have; at once while responses are rare. */
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
  return {
    async wait() {
      const now = clock();
      const delayMs = Math.max(dueAt, now) - toleranceMs - now;
      dueAt = Math.min(Math.max(dueAt, now) + spacingMs, now + toleranceMs + maxDelayMs);
      if (delayMs > 0) await sleep(Math.min(delayMs, maxDelayMs));
    },
  };
}
