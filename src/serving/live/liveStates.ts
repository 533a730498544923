import type { UserId } from '../../domain/ids';
import type { LiveState, Scorer, ShopperHistory } from '../../models/model';
import { createLru } from '../../numeric/lru';

/** One model's states of active shoppers, so that a new event costs one step. */
export interface LiveStates {
  /**
   * Scores for a shopper. A state that has taken all but the end of the history takes the rest; otherwise it is opened anew.
   *
   * @param history - not empty
   * @param out - [products.size]
   */
  scoreInto(userId: UserId, history: ShopperHistory, out: Float32Array): void;
  /** Drops a shopper's state. */
  forget(userId: UserId): void;
  /** Drops all states. */
  clear(): void;
  /** Drops states that were not used during the last `kept` sweeps. Called at intervals, it bounds how long states live. */
  sweep(): void;
  readonly size: number;
}

/** A shopper's state and the history that it has taken. */
interface TrackedShopper {
  readonly state: LiveState;
  readonly history: ShopperHistory;
  /** Number of the last sweep before it was used. */
  readonly usedAt: number;
}

/**
 * Returns where the new end of a history begins if it is the old one with events added at its end; otherwise -1. Products
 * with new events have moved to the end; all other entries must be unchanged and in the same order.
 */
function endBegins(old: ShopperHistory, now: ShopperHistory): number {
  // Events of a state have no type, so a state cannot take a purchase.
  if (old.purchases?.lineCount !== now.purchases?.lineCount) return -1;
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
    // An event that arrived late belongs before events that were taken.
    if (now.occurredAt[entry] < last) return -1;
    moved.delete(now.productRows[entry]);
  }
  // A product that is missing was too old to be read, or was erased.
  return moved.size === 0 ? kept : -1;
}

/** Appends the end of a history to a state; for a known product, the increase of its weight. */
function appendEnd({ state, history: old }: TrackedShopper, history: ShopperHistory, begins: number): void {
  if (begins === history.productRows.length) return;
  const before = new Map(Array.from(old.productRows, (row, entry) => [row, old.weights[entry]]));
  for (let entry = begins; entry < history.productRows.length; entry++) {
    const row = history.productRows[entry];
    state.append(row, history.weights[entry] - (before.get(row) ?? 0), history.occurredAt[entry]);
  }
}

/**
 * Creates the states of a scorer; beyond `capacity` the least recently used is dropped. States are personal data like
 * histories. They are dropped when the model is replaced, when a shopper is erased or found without consent or events, and
 * a few sweeps after the shopper left.
 *
 * @param capacity - shoppers with a state, at least 1
 * @param kept - sweeps that an unused state survives, at least 1
 */
export function createLiveStates(
  openState: Scorer<'openState'>['openState'],
  capacity: number,
  kept = 10,
): LiveStates {
  const shoppers = createLru<UserId, TrackedShopper>(capacity);
  let sweeps = 0;

  function stateFor(userId: UserId, history: ShopperHistory): LiveState {
    const known = shoppers.get(userId);
    const begins = known === undefined ? -1 : endBegins(known.history, history);
    if (known === undefined || begins < 0) {
      const state = openState(history);
      shoppers.set(userId, { state, history, usedAt: sweeps });
      return state;
    }
    // Deleted first: a state that throws half-way through must not be used again.
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
