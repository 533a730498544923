import type { UserId } from '../../domain/ids';
import type { LiveState, Scorer, ShopperHistory } from '../../models/model';
import { createLru } from '../../numeric/lru';

/** What one model remembers of shoppers who are here now, so that an event costs it a step. */
export interface LiveStates {
  /**
   * Scores for a shopper: a state that has taken all but the end of the history takes that; any other is opened anew.
   *
   * @param history - not empty
   * @param out - [products.size]
   */
  scoreInto(userId: UserId, history: ShopperHistory, out: Float32Array): void;
  /** Drops what is remembered of a shopper. */
  forget(userId: UserId): void;
  /** Drops all that is remembered. */
  clear(): void;
  /** Drops whoever did not come since the last sweeps but `kept`: called now and then, it bounds how long states live. */
  sweep(): void;
  readonly size: number;
}

/** A shopper's state and the history it has taken. */
interface Remembered {
  readonly state: LiveState;
  readonly history: ShopperHistory;
  /** Number of the last sweep before it was used. */
  readonly usedAt: number;
}

/**
 * Where the new end of a history begins, when it is the old one with events added at its end; -1 when it is not. A
 * product that came again has moved to the end; everything else must be as it was, in its old order.
 */
function endBegins(old: ShopperHistory, now: ShopperHistory): number {
  const moved = new Set<number>();
  let kept = 0;
  for (let entry = 0; entry < old.productRows.length; entry++) {
    const isSame =
      kept < now.productRows.length &&
      now.productRows[kept] === old.productRows[entry] &&
      now.weights[kept] === old.weights[entry] &&
      now.occurredAt[kept] === old.occurredAt[entry];
    if (isSame) kept++;
    else moved.add(old.productRows[entry]);
  }
  const last = old.occurredAt.at(-1) ?? Number.NEGATIVE_INFINITY;
  for (let entry = kept; entry < now.productRows.length; entry++) {
    // An event that came late belongs before some that were taken.
    if (now.occurredAt[entry] < last) return -1;
    moved.delete(now.productRows[entry]);
  }
  // One that is gone altogether was too old to be read, or was erased.
  return moved.size === 0 ? kept : -1;
}

/** Gives a state the end of a history: of a product that came before, what its weight has grown by. */
function appendEnd({ state, history: old }: Remembered, history: ShopperHistory, begins: number): void {
  if (begins === history.productRows.length) return;
  const before = new Map(Array.from(old.productRows, (row, entry) => [row, old.weights[entry]]));
  for (let entry = begins; entry < history.productRows.length; entry++) {
    const row = history.productRows[entry];
    state.append(row, history.weights[entry] - (before.get(row) ?? 0), history.occurredAt[entry]);
  }
}

/**
 * States of a scorer that has them, the least recently used out first. They are as personal as a history: nothing of
 * them is kept when the model is replaced (they go with it), when a shopper is announced to be forgotten, is found without
 * consent or without events, or a few sweeps after the shopper left.
 *
 * @param capacity - shoppers remembered, at least 1
 * @param kept - sweeps a shopper who does not come is remembered for, at least 1
 */
export function createLiveStates(
  openState: Scorer<'openState'>['openState'],
  capacity: number,
  kept = 10,
): LiveStates {
  const shoppers = createLru<UserId, Remembered>(capacity);
  let sweeps = 0;

  function stateFor(userId: UserId, history: ShopperHistory): LiveState {
    const known = shoppers.get(userId);
    const begins = known === undefined ? -1 : endBegins(known.history, history);
    if (known === undefined || begins < 0) {
      const state = openState(history);
      shoppers.set(userId, { state, history, usedAt: sweeps });
      return state;
    }
    // A state that fails half-way must not be met again.
    shoppers.delete(userId);
    appendEnd(known, history, begins);
    shoppers.set(userId, { state: known.state, history, usedAt: sweeps });
    return known.state;
  }

  return {
    scoreInto(userId, history, out) {
      stateFor(userId, history).scoreInto(out);
    },
    forget: userId => shoppers.delete(userId),
    clear: () => shoppers.clear(),
    sweep() {
      sweeps++;
      for (const [userId, { usedAt }] of shoppers.entries()) {
        if (usedAt < sweeps - kept) shoppers.delete(userId);
      }
    },
    get size() {
      return shoppers.size;
    },
  };
}
