import type { EventId, ListId, ProductId, ShopId, UserId } from './ids';

/** Everything a shopper can do that Affinity learns from, in the order of the codes kept in snapshots. */
export const interactionTypes = [
  'VIEW',
  'CLICK',
  'SEARCH',
  'CART_ADD',
  'CART_REMOVE',
  'WISHLIST',
  'PURCHASE',
  'RETURN',
  'RATING',
  'SHARE',
  'DISLIKE',
] as const;

/** One of {@link interactionTypes}. */
export type InteractionType = (typeof interactionTypes)[number];

/** Where a shopper came from: the list that was shown and the rank in it (1 = first). */
export interface Attribution {
  readonly listId: ListId;
  readonly rank: number | null;
}

/** One thing a shopper did, checked and clamped: what the store keeps. */
export interface Interaction {
  readonly shopId: ShopId;
  readonly id: EventId;
  readonly userId: UserId;
  /** Null only for SEARCH. */
  readonly productId: ProductId | null;
  readonly type: InteractionType;
  /** Units for carts, purchases and returns; stars for ratings; null otherwise. */
  readonly value: number | null;
  /** Price of one unit, in minor units of the shop's currency. */
  readonly priceMinor: number | null;
  readonly queryText: string | null;
  readonly sessionId: string | null;
  /** Milliseconds since the epoch, UTC. */
  readonly occurredAt: number;
  /** Milliseconds since the epoch, UTC. */
  readonly receivedAt: number;
  readonly attribution: Attribution | null;
}
