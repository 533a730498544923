import type { EventId, ProductId, UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import type { Forecast } from '../../insights/nextAction/forecaster';
import type { NextActionReader } from '../../insights/nextAction/load';
import { createLru } from '../../numeric/lru';
import { createShopperSteps, type ShopperSteps } from './shopperSteps';

/** A shopper as the forecaster remembers them. */
interface Remembered {
  readonly steps: ShopperSteps;
  readonly state: Float32Array;
  /** Ids of the latest events taken, oldest first. */
  readonly tail: EventId[];
  /** Events taken in all. */
  taken: number;
  usedAt: number;
}

/** What one forecaster remembers of shoppers who are here, so that an event costs a step. */
export interface ActionStates {
  /**
   * The events that the shopper's state has not taken yet, where it has taken all the others; null when it must be
   * opened anew: it is not there, or an event came late.
   *
   * @param latest - all of the latest events, or the latest {@link tailLength}, in the order of a snapshot
   */
  missingOf(userId: UserId, latest: readonly Interaction[]): readonly Interaction[] | null;
  /** Forgets the shopper's state and takes a history from the start. */
  open(userId: UserId, history: readonly Interaction[], products: ReadonlyMap<ProductId, Product>): void;
  /** Takes further events. */
  advance(userId: UserId, events: readonly Interaction[], products: ReadonlyMap<ProductId, Product>): void;
  /** What comes after the last event taken; null for a shopper who is not remembered. */
  forecast(userId: UserId): Forecast | null;
  forget(userId: UserId): void;
  clear(): void;
  /** Drops whoever did not come since the last sweeps but `kept`. */
  sweep(): void;
  readonly size: number;
}

/** Latest events that are looked at to see what a state misses. */
export const tailLength = 32;

/**
 * An empty memory; the least recently used shopper is forgotten first.
 *
 * @param capacity - shoppers remembered, at least 1
 * @param kept - sweeps a shopper who does not come is remembered for, at least 1
 */
export function createActionStates(
  { forecaster, products: reader }: Pick<NextActionReader, 'forecaster' | 'products'>,
  capacity: number,
  kept = 10,
): ActionStates {
  const shoppers = createLru<UserId, Remembered>(capacity);
  let sweeps = 0;

  function take(
    remembered: Remembered,
    events: readonly Interaction[],
    products: ReadonlyMap<ProductId, Product>,
  ): void {
    for (const event of events) forecaster.step(remembered.state, remembered.steps(event, products));
    remembered.tail.push(...events.map(({ id }) => id));
    remembered.tail.splice(0, remembered.tail.length - tailLength);
    remembered.taken += events.length;
    remembered.usedAt = sweeps;
  }

  return {
    missingOf(userId, latest) {
      const known = shoppers.get(userId);
      if (known === undefined) return null;
      const last = latest.findIndex(({ id }) => id === known.tail.at(-1));
      const common = last + 1;
      if (common === 0 || common > known.tail.length) return null;
      // A latest that is short is all there is: the state must have taken just that.
      if (latest.length < tailLength && common !== known.taken) return null;
      const start = known.tail.length - common;
      const isSame = latest.slice(0, common).every(({ id }, at) => id === known.tail[start + at]);
      return isSame ? latest.slice(common) : null;
    },
    open(userId, history, products) {
      const fresh = {
        steps: createShopperSteps(reader),
        state: forecaster.open(),
        tail: [],
        taken: 0,
        usedAt: 0,
      };
      shoppers.delete(userId);
      take(fresh, history, products);
      shoppers.set(userId, fresh);
    },
    advance(userId, events, products) {
      const known = shoppers.get(userId);
      if (known === undefined) return;
      // A state that fails half-way must not be met again.
      shoppers.delete(userId);
      take(known, events, products);
      shoppers.set(userId, known);
    },
    forecast(userId) {
      const known = shoppers.get(userId);
      return known === undefined ? null : forecaster.forecast(known.state);
    },
    forget: userId => shoppers.delete(userId),
    clear: () => shoppers.clear(),
    sweep() {
      sweeps++;
      for (const [userId, { usedAt }] of shoppers.entries())
        if (sweeps - usedAt > kept) shoppers.delete(userId);
    },
    get size() {
      return shoppers.size;
    },
  };
}
