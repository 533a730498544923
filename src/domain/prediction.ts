import type { EventId, ShopId, UserId } from './ids';
import { type InteractionType, interactionTypes } from './interaction';

/** What a shopper can do next: an interaction, or the end of the session. */
export type NextAction = InteractionType | 'LEAVE';
/** Every {@link NextAction}. */
export const nextActions: readonly NextAction[] = [...interactionTypes, 'LEAVE'];

/** Returns whether a name that was stored with a prediction is one of {@link nextActions}. */
export const isNextAction = (name: string): name is NextAction => nextActions.some(action => action === name);

/** What was predicted of a shopper right after an event, and later what happened. Probabilities are 0-1. */
export interface ActionPrediction {
  readonly shopId: ShopId;
  /** The same for the same event and model version: a step is predicted once, however often it is requested. */
  readonly id: string;
  readonly userId: UserId;
  /** The latest event that was known. */
  readonly eventId: EventId;
  /** When that event occurred, milliseconds since the epoch. */
  readonly eventAt: number;
  /** Session of that event as the client named it; null where it named none. */
  readonly sessionId: string | null;
  /**
   * One name per entry of `actions`: the next actions that the model knew. Other versions of the gateway may have written
   * them, so that they may lack a {@link NextAction} or contain unknown names.
   */
  readonly actionNames: readonly string[];
  /** Probability of each of `actionNames`; sums to 1. */
  readonly actions: readonly number[];
  /** Minutes to the next event, if it comes in this session; null where that is not known. */
  readonly expectedMinutes: number | null;
  /** Probability that the rest of the session contains a purchase. */
  readonly purchase: number;
  /** Probability that the session ends without a purchase of the cart; null when the cart was empty. */
  readonly abandonment: number | null;
  /** Probabilities that the shopper returns within 1, 7 and 30 days of the end of the session. */
  readonly returnWithin: readonly number[];
  readonly modelVersion: string;
  readonly predictedAt: number;
  readonly expiresAt: number;
  /** Null until it is known. */
  readonly outcome: ActionOutcome | null;
}

/** What happened, and when that was known. */
export interface ActionOutcome {
  readonly action: NextAction;
  /** Milliseconds since the epoch. */
  readonly at: number;
}
