import { setTimeout as pause } from 'node:timers/promises';

/** Spreads refusals over time. */
export interface RefusalPace {
  /** Returns after the delay that the next refusal must have; at once while refusals are rare. */
  wait(): Promise<void>;
}

/** Settings of a pace. */
export interface RefusalPaceOptions {
  /** Refusals per second beyond which they are delayed. */
  readonly perSecond: number;
  /** Refusals in one moment that are not delayed. */
  readonly burst: number;
  /** Maximum delay in milliseconds. */
  readonly maxDelayMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const defaults: RefusalPaceOptions = {
  perSecond: 500,
  burst: 100,
  maxDelayMs: 1000,
  clock: () => performance.now(),
  sleep: milliseconds => pause(milliseconds),
};

/**
 * Creates a pace (a virtual-scheduling leaky bucket). Callers that send their next request after each refusal, however
 * many connections they hold, get about `perSecond` refusals per second: they take a small share of the processor, and
 * other callers hardly notice them.
 */
export function createRefusalPace(options: Partial<RefusalPaceOptions> = {}): RefusalPace {
  const { perSecond, burst, maxDelayMs, clock, sleep } = { ...defaults, ...options };
  const spacingMs = 1000 / perSecond;
  const toleranceMs = burst * spacingMs;
  /** When the next refusal is due if all refusals so far are evenly spaced. */
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
