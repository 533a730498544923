import type { Step } from './step';

/** A category and how likely it is that of the next event. */
export interface CategoryForecast {
  /** By the vocabulary, ≥ 1. */
  readonly category: number;
  /** 0-1; of an event in the session that has a known category. */
  readonly probability: number;
}

/** What a shopper will do next. Probabilities 0-1. */
export interface Forecast {
  /** One per entry of the vocabulary's `actions`: a type as the next event of the session, or its end. Sums to 1. */
  readonly actions: Float32Array;
  /** Minutes to the next event, if it comes in this session. */
  readonly expectedMinutes: number;
  /** The likeliest, best first; empty where nothing is known. */
  readonly categories: readonly CategoryForecast[];
  /** Something is bought in this session from here on. */
  readonly purchase: number;
  /** The cart is left as it is at the end of the session; null when it is empty. */
  readonly abandonment: number | null;
  /** The shopper comes back within 1, 7 and 30 days of the end of the session. */
  readonly returnWithin: readonly [number, number, number];
}

/**
 * Says what comes next of a shopper whose steps it took one by one. Holds no shopper: whoever asks keeps the state,
 * which is plain numbers and may be copied.
 */
export interface Forecaster {
  /** State of a shopper who did nothing yet. */
  open(): Float32Array;
  /** Advances a state by one event, in place. */
  step(state: Float32Array, step: Readonly<Step>): void;
  /** What comes after the last event taken. */
  forecast(state: Float32Array): Forecast;
}
