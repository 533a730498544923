import type { Step } from './step';

/** A category and the probability that the next event is in it. */
export interface CategoryForecast {
  /** Number in the vocabulary, ≥ 1. */
  readonly category: number;
  /** 0-1; given that the next event is in the session and has a known category. */
  readonly probability: number;
}

/** A prediction of what a shopper does next. Probabilities are 0-1. */
export interface Forecast {
  /** One per entry of the vocabulary's `actions`: a type as the next event of the session, or its end. Sums to 1. */
  readonly actions: Float32Array;
  /** Minutes to the next event, if it comes in this session. */
  readonly expectedMinutes: number;
  /** The most likely categories, best first; empty where nothing is known. */
  readonly categories: readonly CategoryForecast[];
  /** Probability that the rest of the session contains a purchase. */
  readonly purchase: number;
  /** Probability that the session ends without a purchase of the cart; null when the cart is empty. */
  readonly abandonment: number | null;
  /** Probabilities that the shopper returns within 1, 7 and 30 days of the end of the session. */
  readonly returnWithin: readonly [number, number, number];
}

/**
 * Predicts what a shopper does next from the shopper's steps, taken one by one. Callers keep the state of each shopper:
 * plain numbers, which may be copied.
 */
export interface Forecaster {
  /** Returns the state of a shopper without events. */
  open(): Float32Array;
  /** Advances a state by one event, in place. */
  step(state: Float32Array, step: Readonly<Step>): void;
  /** Returns what comes after the last event taken. */
  forecast(state: Float32Array): Forecast;
}
