/** Bounds the requests that are worked on at the same time, so that the event loop always has time for health routes. */
export interface Admission {
  /**
   * Waits for a place.
   *
   * @returns a function that gives the place back, to be called once; null when there is none and the request must be
   *   refused
   */
  enter(): Promise<Leave | null>;
  /** Tells that the server accepted a connection. */
  connectionAccepted(): void;
  /** Returns whether a request must be refused at once, before more is done for it. Counts it if so. */
  refuses(): boolean;
  counts(): AdmissionCounts;
  /** Stops measuring. */
  stop(): void;
}

/** Gives a place back. */
export type Leave = () => void;

/** What an admission has at this moment, and has refused since the start. */
export interface AdmissionCounts {
  readonly inProgress: number;
  readonly waiting: number;
  readonly limit: number;
  readonly refused: number;
}

/** Settings of an admission. */
export interface AdmissionOptions {
  /** Bounds of the limit of requests in progress, which follows the lag of the event loop. */
  readonly minInProgress: number;
  readonly maxInProgress: number;
  /** Maximum number of requests that wait for a place. */
  readonly maxWaiting: number;
  /** Time that a request may wait, in milliseconds. */
  readonly maxWaitMs: number;
  /** Lag of the event loop, in milliseconds, above which the limit falls; below half of it the limit rises. */
  readonly lagMs: number;
  /** Work that may start in one turn of the event loop, in milliseconds. */
  readonly sliceMs: number;
  /** Time for which no work starts while connections arrive, in milliseconds; then one slice may start. */
  readonly acceptMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
}

const defaultAdmission: AdmissionOptions = {
  minInProgress: 8,
  maxInProgress: 128,
  maxWaiting: 256,
  maxWaitMs: 1000,
  lagMs: 40,
  sliceMs: 10,
  acceptMs: 100,
  clock: () => performance.now(),
};

/** Milliseconds between two measurements of the lag. */
const measureEveryMs = 20;
/** Requests that may start together when places become free: their work cannot be measured before it is done. */
const startsTogether = 4;

interface Waiter {
  readonly since: number;
  readonly admit: (leave: Leave | null) => void;
}

/**
 * Creates an admission: at most `limit` requests are in progress, and a bounded number waits, first come first served.
 * The limit falls by a quarter while the event loop lags and rises by one while it does not (additive increase,
 * multiplicative decrease). Requests also wait for a later turn of the loop
 *   - when those that started in this turn took `sliceMs`, so that a burst does not keep the loop from other connections;
 *   - while connections arrive. libuv accepts one connection per turn, so a health request would otherwise wait for as
 *     many turns full of work as connections were opened before it.
 */
export function createAdmission(options: Partial<AdmissionOptions> = {}): Admission {
  const settings = { ...defaultAdmission, ...options };
  const { minInProgress, maxInProgress, maxWaiting, maxWaitMs, clock } = settings;
  const waiting: Waiter[] = [];
  let limit = maxInProgress;
  let inProgress = 0;
  let refused = 0;
  const turn = createTurn(settings, release);

  function start(): Leave {
    inProgress++;
    turn.started();
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      inProgress--;
      release();
    };
  }

  /** Starts requests that wait, and refuses those that have waited too long. */
  function release(): void {
    const oldest = clock() - maxWaitMs;
    while (waiting.length > 0 && waiting[0].since < oldest) {
      refused++;
      waiting.shift()?.admit(null);
    }
    for (let i = 0; i < startsTogether && waiting.length > 0 && inProgress < limit && turn.hasTime(); i++)
      waiting.shift()?.admit(start());
    if (waiting.length > 0 && inProgress < limit) turn.callAtNext();
  }

  function adapt(lagMs: number): void {
    if (lagMs > settings.lagMs) limit = Math.max(minInProgress, Math.floor(limit * 0.75));
    else if (lagMs < settings.lagMs / 2) limit = Math.min(maxInProgress, limit + 1);
    release();
  }

  const meter = measureLag(clock, adapt);
  function refuses(): boolean {
    const isFull = waiting.length >= maxWaiting;
    if (isFull) refused++;
    return isFull;
  }

  return {
    enter() {
      if (waiting.length === 0 && inProgress < limit && turn.hasTime()) return Promise.resolve(start());
      if (refuses()) return Promise.resolve(null);
      if (inProgress < limit) turn.callAtNext();
      return new Promise(admit => waiting.push({ since: clock(), admit }));
    },
    connectionAccepted: turn.connectionAccepted,
    refuses,
    counts: () => ({ inProgress, waiting: waiting.length, limit, refused }),
    stop: () => clearInterval(meter),
  };
}

/** Follows the turns of the event loop: how long the work took that started in this one, and whether connections arrive. */
function createTurn({ clock, sliceMs, acceptMs }: AdmissionOptions, onNext: () => void) {
  let startedAt: number | null = null;
  let isCalling = false;
  let hasAccepted = false;
  /** Since when each turn has accepted a connection. */
  let acceptingSince: number | null = null;

  function next(): void {
    isCalling = false;
    if (acceptingSince !== null) {
      const hasWorked = startedAt !== null;
      if (!hasAccepted) acceptingSince = null;
      else if (hasWorked) acceptingSince = clock();
      hasAccepted = false;
      callAtNext();
    }
    startedAt = null;
    onNext();
  }

  function callAtNext(): void {
    if (isCalling) return;
    isCalling = true;
    setImmediate(next);
  }

  return {
    hasTime() {
      if (acceptingSince !== null && clock() - acceptingSince < acceptMs) return false;
      return startedAt === null || clock() - startedAt < sliceMs;
    },
    started() {
      startedAt ??= clock();
      callAtNext();
    },
    connectionAccepted() {
      hasAccepted = true;
      acceptingSince ??= clock();
      callAtNext();
    },
    callAtNext,
  };
}

/** Calls back with the milliseconds by which a timer was late, as often as the timer fires. */
function measureLag(clock: () => number, onLag: (lagMs: number) => void): NodeJS.Timeout {
  let dueAt = clock() + measureEveryMs;
  const timer = setInterval(() => {
    const now = clock();
    onLag(Math.max(0, now - dueAt));
    dueAt = now + measureEveryMs;
  }, measureEveryMs);
  return timer.unref();
}
