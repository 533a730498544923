import { GatewayError } from '../../domain/errors';
import { hasAnswered } from './failures';

/**
 * Calls `onLate` after `timeoutMs`, unless the returned function is called first. Results that arrived while the event loop
 * was busy are read before: a busy process must not look like a silent server.
 */
export function startDeadline(timeoutMs: number, onLate: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    turn = setImmediate(() => {
      turn = setImmediate(onLate);
    });
  }, timeoutMs);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}

const late = (timeoutMs: number): GatewayError =>
  new GatewayError(
    'UNAVAILABLE',
    `Expected the database to respond within ${timeoutMs} ms; it did not. What was sent may have been written: send it again with the same ids.`,
  );

/**
 * Returns the result of `work`, if it ends in time. The work continues after the deadline; a later rejection is handled
 * here, so that it does not end the process.
 *
 * @throws {GatewayError} UNAVAILABLE after `timeoutMs`
 */
function withinDeadline<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = startDeadline(timeoutMs, () => reject(late(timeoutMs)));
    work.then(resolve, reject).finally(stop);
  });
}

/** Returns how long a call may wait for its turn in a group commit before it is rejected unsent. */
export const waitLimitOf = ({ deadlineMs }: { readonly deadlineMs: number | null }) => ({
  maxWaitMs: deadlineMs ?? Number.POSITIVE_INFINITY,
  tooLate: () =>
    new GatewayError(
      'UNAVAILABLE',
      'Expected the database to respond to earlier writes; it did not. This one was not written: send it again with the same ids after a second.',
    ),
});

const silent = (): GatewayError =>
  new GatewayError(
    'UNAVAILABLE',
    'Expected the database to respond; it has not for a while. Nothing was sent: try again after a second.',
  );

/** Knows whether the database responds at all. */
export interface SilenceWatch {
  /** Whether neither calls nor a question came back: calls are then rejected at once, until a question is answered. */
  isSilent(): boolean;
  /** Runs a call, and rejects it when it is late or the database is silent. */
  run<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Ends the questions. */
  stop(): void;
}

const questionPauseMs = 250;
/** The first question decides whether a late call waits for a lock or for a silent database: it has this part of the time. */
const firstQuestionPart = 0.25;

/** Asks the database until it answers. */
class Questioner {
  #isAsking = false;
  #isSilent = false;
  #isStopped = false;
  #answers = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly timeoutMs: number,
    private readonly question: () => Promise<void>,
  ) {}

  isSilent(): boolean {
    return this.#isSilent;
  }

  /** Number of calls that the database answered. */
  answers(): number {
    return this.#answers;
  }

  /** Counts a call that the database answered: it is not silent. */
  heard(): void {
    this.#answers++;
    this.#isSilent = false;
  }

  /** Asks at once, unless it asks already. */
  begin(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#ask(firstQuestionPart * this.timeoutMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #ask(timeoutMs: number): void {
    if (this.#isStopped) return;
    const before = this.#answers;
    withinDeadline(this.question(), timeoutMs).then(
      () => {
        this.#isSilent = false;
        this.#isAsking = false;
      },
      () => {
        this.#isAsking = this.#answers === before;
        this.#isSilent = this.#isAsking;
        if (!this.#isAsking) return;
        this.#timer = setTimeout(() => this.#ask(this.timeoutMs), questionPauseMs).unref();
      },
    );
  }
}

/**
 * Creates a watch. Without it every request would wait for a whole deadline while the database is stopped or unreachable.
 *
 * @param question - asks the database something small, when a call was late and no other was answered meanwhile
 */
export function createSilenceWatch(timeoutMs: number, question: () => Promise<void>): SilenceWatch {
  const questioner = new Questioner(timeoutMs, question);

  async function counted<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      const result = await call();
      questioner.heard();
      return result;
    } catch (error) {
      if (hasAnswered(error)) questioner.heard();
      throw error;
    }
  }

  return {
    isSilent: () => questioner.isSilent(),
    run(call) {
      if (questioner.isSilent()) return Promise.reject(silent());
      const before = questioner.answers();
      return new Promise((resolve, reject) => {
        const stop = startDeadline(timeoutMs, () => {
          if (questioner.answers() === before) questioner.begin();
          reject(late(timeoutMs));
        });
        counted(call).then(resolve, reject).finally(stop);
      });
    },
    stop: () => questioner.stop(),
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
  watch: SilenceWatch,
  unbounded: ReadonlySet<string>,
): Store {
  const bound =
    (method: Method): Method =>
    (...given) =>
      watch.run(async () => await method(...given));
  const methods = Object.entries(store).map(([name, method]) => [
    name,
    unbounded.has(name) ? method : bound(method as Method),
  ]);
  return Object.fromEntries(methods) as Store;
}
