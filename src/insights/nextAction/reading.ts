// What serving uses of a loaded artifact of the next action. Nothing of a shopper is learned or kept in it.

import type { Interaction } from '../../domain/interaction';
import type { Product } from '../../domain/product';
import type { Forecast } from './forecaster';

/** A category and the probability that the next event is in it. */
export interface LikelyCategory {
  /** From the root down. */
  readonly path: readonly string[];
  /** 0-1; given that the next event is in this session and has a known category. */
  readonly probability: number;
}

/** A prediction of what a shopper does next. */
export interface ShopperForecast extends Omit<Forecast, 'categories'> {
  /** The most likely categories, best first; empty where nothing is known. */
  readonly categories: readonly LikelyCategory[];
}

/** One shopper's state. It takes the events of the shopper one by one, each at a constant cost. */
export interface ShopperState {
  /**
   * Takes the next event. One of a type that is not among the reading's actions is passed over.
   *
   * @param event - in the order of snapshot/eventOrder.ts
   * @param product - of the event; undefined when the event has none or it is unknown
   */
  take(event: Interaction, product: Product | undefined): void;
  /** Returns what comes after the last event taken. */
  forecast(): ShopperForecast;
}

/** A loaded artifact of the next action. */
export interface NextActionReading {
  /** The forecaster that the gate chose: network, boosted-trees, markov2, markov1 or majority. */
  readonly servedBy: string;
  /** The actions that it knows: entry i is what entry i of `Forecast.actions` is the probability of. */
  readonly actions: readonly string[];
  /** Returns the state of a shopper without events. */
  openShopper(): ShopperState;
}
