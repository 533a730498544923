import { setTimeout as pause } from 'node:timers/promises';
import { createLru } from '../../numeric/lru';
import { createPace, type Pace } from './pace';

/** The connection of a request: what refusals read of a socket. */
export interface RefusedConnection {
  readonly remoteAddress?: string | undefined;
}

/** Delays the refusals that anybody can cause, so that a flood of them costs little. */
export interface Refusals {
  /** Returns whether the next refusal over this connection would be delayed. Counts nothing. */
  areDelayed(connection: RefusedConnection): boolean;
  /**
   * Counts a refusal, and returns after the delay that it must have: at once while refusals are rare.
   *
   * @returns false when the connection must be cut instead: too many refusals wait, or one already waited on it. The latter
   *   is told only after the delay: a client that is cut at once would connect and send again at once.
   */
  wait(connection: RefusedConnection): Promise<boolean>;
  counts(): RefusalCounts;
}

/** What waits at this moment, and what was delayed and cut since the start. */
export interface RefusalCounts {
  readonly waiting: number;
  readonly delayed: number;
  readonly cut: number;
}

/** Settings of refusals. */
export interface RefusalsOptions {
  /** Maximum number of refusals that wait. */
  readonly maxWaiting: number;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const defaults: RefusalsOptions = {
  maxWaiting: 2048,
  clock: () => performance.now(),
  sleep: milliseconds => pause(milliseconds),
};

const maxDelayMs = 2000;
/** Of each remote address. Shoppers behind one proxy or carrier share an address, hence the burst. */
const perAddress = { perSecond: 50, burst: 100, maxDelayMs };
/** Of all addresses that do not exceed their own pace, so that many addresses together cannot cost more. */
const perGateway = { perSecond: 200, burst: 400, maxDelayMs };
const maxAddresses = 10_000;

/**
 * Creates refusals with a pace per remote address and one over all. A flood from one address therefore delays nobody
 * else, and a client with one expired token gets its refusal at once.
 */
export function createRefusals(options: Partial<RefusalsOptions> = {}): Refusals {
  const { maxWaiting, clock, sleep } = { ...defaults, ...options };
  const paces = createLru<string, Pace>(maxAddresses);
  const shared = createPace({ ...perGateway, clock });
  const waiting = new Map<RefusedConnection, Promise<void>>();
  let [delayed, cut] = [0, 0];

  function paceOf({ remoteAddress = '' }: RefusedConnection): Pace {
    const known = paces.get(remoteAddress);
    if (known !== undefined) return known;
    const pace = createPace({ ...perAddress, clock });
    paces.set(remoteAddress, pace);
    return pace;
  }

  function nextDelayMs(connection: RefusedConnection): number {
    return paceOf(connection).nextDelayMs() || shared.nextDelayMs();
  }

  return {
    areDelayed: ({ remoteAddress = '' }) =>
      paces.get(remoteAddress)?.isExceeded() === true || shared.isExceeded(),
    async wait(connection) {
      const delayMs = nextDelayMs(connection);
      if (delayMs === 0) return true;
      const earlier = waiting.get(connection);
      if (earlier !== undefined || waiting.size >= maxWaiting) {
        cut++;
        await earlier;
        return false;
      }
      delayed++;
      const delay = sleep(delayMs);
      waiting.set(connection, delay);
      await delay;
      waiting.delete(connection);
      return true;
    },
    counts: () => ({ waiting: waiting.size, delayed, cut }),
  };
}
