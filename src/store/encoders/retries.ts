import { GatewayError } from '../../domain/errors';

/** Outcome of an attempt: a value, or a transient error. */
export type Attempt<Value> =
  | { readonly value: Value }
  /** `waitMs`: the delay that the server requests; null: none. */
  | { readonly error: GatewayError; readonly waitMs: number | null };

/** Clock and random numbers, as arguments. */
export interface Pacing {
  /** Resolves after `ms`; rejects when the signal aborts. */
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
const maxWaitMs = 60_000;

const cancelled = (): GatewayError =>
  new GatewayError('CANCELLED', 'Expected to wait for the encoder; got cancelled. Nothing was stored.');

/**
 * Retries transient failures, six attempts in total. Delays double from half a second, with jitter over their upper half
 * so that many clients do not return at once. A delay requested by the server is a minimum; no delay exceeds a minute.
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
      await wait(Math.min(maxWaitMs, Math.max(own, outcome.waitMs ?? 0)), signal);
    } catch {
      throw cancelled();
    }
  }
}
