import { GatewayError } from '../../domain/errors';
import { lateError, startDeadline, withinDeadline } from './deadline';
import { hasResponded } from './failures';

const rejected = (): GatewayError =>
  new GatewayError(
    'UNAVAILABLE',
    'Expected the database to respond; it has not for a while. Nothing was sent: try again after a second.',
  );

/** Rejects calls at once while the database does not respond, and tries it again by itself. */
export interface CircuitBreaker {
  /** Whether calls are rejected: calls and a probe got no response, and no probe has succeeded since. */
  isOpen(): boolean;
  /** Runs a call. @throws {GatewayError} UNAVAILABLE when it is late or the breaker is open */
  run<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Ends the probes. */
  stop(): void;
}

const probePauseMs = 250;
/** The first probe decides whether a late call waits for a lock or the database does not respond: it has this part of the time. */
const firstProbePart = 0.25;

/** Probes the database until it responds. */
class Prober {
  #isProbing = false;
  #isOpen = false;
  #isStopped = false;
  #responses = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly timeoutMs: number,
    private readonly probe: () => Promise<void>,
  ) {}

  isOpen(): boolean {
    return this.#isOpen;
  }

  /** Number of calls that the database responded to. */
  responses(): number {
    return this.#responses;
  }

  /** Counts a call that the database responded to, and closes the breaker. */
  responded(): void {
    this.#responses++;
    this.#isOpen = false;
  }

  /** Probes at once, unless it does already. */
  begin(): void {
    if (this.#isProbing) return;
    this.#isProbing = true;
    this.#probeWithin(firstProbePart * this.timeoutMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #probeWithin(timeoutMs: number): void {
    if (this.#isStopped) return;
    const before = this.#responses;
    withinDeadline(this.probe(), timeoutMs).then(
      () => {
        this.#isOpen = false;
        this.#isProbing = false;
      },
      () => {
        this.#isProbing = this.#responses === before;
        this.#isOpen = this.#isProbing;
        if (!this.#isProbing) return;
        this.#timer = setTimeout(() => this.#probeWithin(this.timeoutMs), probePauseMs).unref();
      },
    );
  }
}

/**
 * Creates a circuit breaker. Without it every request would wait for a whole deadline while the database is stopped or
 * unreachable.
 *
 * @param timeoutMs - deadline of each call, in milliseconds
 * @param probe - sends the database a small statement. Called when a call was late and no other got a response meanwhile
 */
export function createCircuitBreaker(timeoutMs: number, probe: () => Promise<void>): CircuitBreaker {
  const prober = new Prober(timeoutMs, probe);

  async function counted<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      const result = await call();
      prober.responded();
      return result;
    } catch (error) {
      if (hasResponded(error)) prober.responded();
      throw error;
    }
  }

  return {
    isOpen: () => prober.isOpen(),
    run(call) {
      if (prober.isOpen()) return Promise.reject(rejected());
      const before = prober.responses();
      return new Promise((resolve, reject) => {
        const stop = startDeadline(timeoutMs, () => {
          if (prober.responses() === before) prober.begin();
          reject(lateError(timeoutMs));
        });
        counted(call).then(resolve, reject).finally(stop);
      });
    },
    stop: () => prober.stop(),
  };
}

type Method = (...given: readonly unknown[]) => unknown;

/**
 * Returns a store whose methods reject with UNAVAILABLE when they are late, whatever they wait for: a connection, a lock, a
 * statement, or the turn of their batch.
 *
 * @param unbounded - names of methods that are unchanged, because they stream rows or move many bytes
 */
export function boundedStore<Store extends object>(
  store: Store,
  breaker: CircuitBreaker,
  unbounded: ReadonlySet<string>,
): Store {
  const bound =
    (method: Method): Method =>
    (...given) =>
      breaker.run(async () => await method(...given));
  const methods = Object.entries(store).map(([name, method]) => [
    name,
    unbounded.has(name) ? method : bound(method as Method),
  ]);
  return Object.fromEntries(methods) as Store;
}
