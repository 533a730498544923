import type { EventId, ProductId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import type { NextActionReading, ShopperForecast, ShopperState } from '../../insights/nextAction/reading';
import { createLru, type Lru } from '../../numeric/lru';

/** A shopper's state and which events it has taken. */
interface TrackedShopper {
  readonly state: ShopperState;
  /** Ids of the latest events taken, oldest first, at most {@link tailLength}. */
  readonly tail: EventId[];
  /** Number of events taken. */
  taken: number;
  /** Number of the sweep before its last use. */
  usedAt: number;
}

/** States of shoppers for one loaded artifact, so that a new event costs one step. */
export interface ActionStates {
  /**
   * Returns the events that the shopper's state has not taken yet. Null when the state must be opened anew: there is none,
   * or an event arrived late.
   *
   * @param latest - all of the shopper's events, or the latest {@link tailLength}, in the order of a snapshot
   */
  missingOf(userId: UserId, latest: readonly Interaction[]): readonly Interaction[] | null;
  /** Replaces the shopper's state by one that has taken `history`. */
  open(userId: UserId, history: readonly Interaction[], products: ReadonlyMap<ProductId, Product>): void;
  /** Takes further events. */
  advance(userId: UserId, events: readonly Interaction[], products: ReadonlyMap<ProductId, Product>): void;
  /** Returns what comes after the last event taken; null for a shopper without a state. */
  forecast(userId: UserId): ShopperForecast | null;
  forget(userId: UserId): void;
  clear(): void;
  /** Drops the states that were not used during the last `kept` sweeps. */
  sweep(): void;
  readonly size: number;
}

/** Number of latest events that are read to find the events that a state has not taken. */
export const tailLength = 32;

/** Returns those of the latest events that the shopper's state has not taken; null when it must be opened anew. */
function missingOf(
  { tail, taken }: TrackedShopper,
  latest: readonly Interaction[],
): readonly Interaction[] | null {
  const last = latest.findIndex(({ id }) => id === tail.at(-1));
  const common = last + 1;
  if (common === 0 || common > tail.length) return null;
  // Fewer than tailLength events means this is the whole history, so the state must have consumed exactly these.
  if (latest.length < tailLength && common !== taken) return null;
  const start = tail.length - common;
  const isSame = latest.slice(0, common).every(({ id }, at) => id === tail[start + at]);
  return isSame ? latest.slice(common) : null;
}

/** Lets the shopper's state take events. */
function take(
  shopper: TrackedShopper,
  events: readonly Interaction[],
  products: ReadonlyMap<ProductId, Product>,
): void {
  for (const event of events) {
    shopper.state.take(event, event.productId === null ? undefined : products.get(event.productId));
  }
  shopper.tail.push(...events.map(({ id }) => id));
  shopper.tail.splice(0, shopper.tail.length - tailLength);
  shopper.taken += events.length;
}

/** The states of the shoppers who were used last. */
class LruActionStates implements ActionStates {
  readonly #shoppers: Lru<UserId, TrackedShopper>;
  #sweeps = 0;

  constructor(
    private readonly openShopper: NextActionReading['openShopper'],
    capacity: number,
    private readonly kept: number,
  ) {
    this.#shoppers = createLru(capacity);
  }

  get size(): number {
    return this.#shoppers.size;
  }

  missingOf(userId: UserId, latest: readonly Interaction[]): readonly Interaction[] | null {
    const known = this.#shoppers.get(userId);
    return known === undefined ? null : missingOf(known, latest);
  }

  open(userId: UserId, history: readonly Interaction[], products: ReadonlyMap<ProductId, Product>): void {
    const fresh: TrackedShopper = { state: this.openShopper(), tail: [], taken: 0, usedAt: this.#sweeps };
    this.#shoppers.delete(userId);
    take(fresh, history, products);
    this.#shoppers.set(userId, fresh);
  }

  advance(userId: UserId, events: readonly Interaction[], products: ReadonlyMap<ProductId, Product>): void {
    const known = this.#shoppers.get(userId);
    if (known === undefined) return;
    // Deleted first: a state that throws half-way through must not be used again.
    this.#shoppers.delete(userId);
    take(known, events, products);
    known.usedAt = this.#sweeps;
    this.#shoppers.set(userId, known);
  }

  forecast(userId: UserId): ShopperForecast | null {
    return this.#shoppers.get(userId)?.state.forecast() ?? null;
  }

  forget(userId: UserId): void {
    this.#shoppers.delete(userId);
  }

  clear(): void {
    this.#shoppers.clear();
  }

  sweep(): void {
    this.#sweeps++;
    for (const [userId, { usedAt }] of this.#shoppers.entries())
      if (this.#sweeps - usedAt > this.kept) this.#shoppers.delete(userId);
  }
}

/**
 * Creates an empty set of states. Beyond `capacity` the least recently used shopper is dropped.
 *
 * @param capacity - shoppers with a state, at least 1
 * @param kept - sweeps that an unused state survives, at least 1
 */
export const createActionStates = (
  { openShopper }: Pick<NextActionReading, 'openShopper'>,
  capacity: number,
  kept = 10,
): ActionStates => new LruActionStates(openShopper, capacity, kept);
