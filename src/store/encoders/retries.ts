import { GatewayError } from '../../domain/errors';

/** An attempt's outcome: a value, or an error that time may mend. */
export type Attempt<Value> =
  | { readonly value: Value }
  /** `waitMs`: how long the other side asks to wait; null when it does not say. */
  | { readonly error: GatewayError; readonly waitMs: number | null };

/** Time and chance, as arguments. */
export interface Pacing {
  /** Resolves after that long; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });

const realPacing: Pacing = { sleep, random: Math.random };

const attempts = 6;
const firstWaitMs = 500;
const longestWaitMs = 60_000;

const cancelled = (): GatewayError =>
  new GatewayError('CANCELLED', 'Expected to wait for the encoder; got cancelled. Nothing was kept.');

/**
 * Repeats what failed for now, at most six times in all. Waits grow twofold from half a second, each drawn from its
 * upper half so that many clients do not come back at once; what the other side asks for is waited at least.
 *
 * @throws {GatewayError} the last attempt's error; CANCELLED
 */
export async function withRetries<Value>(
  attempt: () => Promise<Attempt<Value>>,
  signal: AbortSignal,
  { sleep: wait, random }: Pacing = realPacing,
): Promise<Value> {
  for (let made = 1; ; made++) {
    if (signal.aborted) throw cancelled();
    const outcome = await attempt();
    if ('value' in outcome) return outcome.value;
    if (made === attempts) throw outcome.error;
    const own = firstWaitMs * 2 ** (made - 1) * (0.5 + random() / 2);
    try {
      await wait(Math.min(longestWaitMs, Math.max(own, outcome.waitMs ?? 0)), signal);
    } catch {
      throw cancelled();
    }
  }
}
