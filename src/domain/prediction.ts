import type { EventId, ShopId, UserId } from './ids';
import { interactionTypes } from './interaction';

/** What a shopper can do next, in the order of the codes that forecasters use: an interaction, or the end of the session. */
export const nextActions = [...interactionTypes, 'LEAVE'] as const;
/** One of {@link nextActions}. */
export type NextAction = (typeof nextActions)[number];

/** What was said of a shopper right after an event, and later what came true. Probabilities 0-1. */
export interface ActionPrediction {
  readonly shopId: ShopId;
  /** The same for the same event and model version: a step is predicted once, however often it is asked for. */
  readonly id: string;
  readonly userId: UserId;
  /** The latest event that was known. */
  readonly eventId: EventId;
  /** When that event was, milliseconds since the epoch. */
  readonly eventAt: number;
  /** Session of that event as the client named it; null where it named none. */
  readonly sessionId: string | null;
  /** By {@link nextActions}; sums to 1. */
  readonly actions: readonly number[];
  /** Minutes to the next event, if it comes in this session; null where that is not known. */
  readonly expectedMinutes: number | null;
  /** Something is bought in this session from here on. */
  readonly purchase: number;
  /** The cart is left as it is; null when it was empty. */
  readonly abandonment: number | null;
  /** The shopper comes back within 1, 7 and 30 days of the end of the session. */
  readonly returnWithin: readonly number[];
  readonly modelVersion: string;
  readonly predictedAt: number;
  readonly expiresAt: number;
  /** Null until it is known. */
  readonly outcome: ActionOutcome | null;
}

/** What came true, and when that was clear. */
export interface ActionOutcome {
  readonly action: NextAction;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
