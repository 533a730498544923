import type { ListId, ProductId, ShopId, UserId } from './ids';

/** Sources of the items of a list. */
export const recommendationSources = [
  'MODEL',
  'BUY_AGAIN',
  'NEWCOMER',
  'RULE',
  'POPULAR',
  'FALLBACK',
] as const;
/** One of {@link recommendationSources}. */
export type RecommendationSource = (typeof recommendationSources)[number];

/** Reasons why a list is less than requested. */
export const degradedReasons = [
  /** No model of the wanted kind is published yet. */
  'MODEL_NOT_TRAINED',
  /** The shopper (or product) has no history that the model can use. */
  'COLD_START',
  /** The shopper withdrew consent to personalisation. */
  'CONSENT_WITHHELD',
  /** Fewer products passed the filters than were requested. */
  'FILTERS_TOO_NARROW',
  /** The store could not be read in time; the history was left out. */
  'HISTORY_UNAVAILABLE',
  /** The shop deactivated the shopper. */
  'USER_DEACTIVATED',
] as const;
/** One of {@link degradedReasons}. */
export type DegradedReason = (typeof degradedReasons)[number];

/** Evidence that products are bought together, the most reliable first. */
export const togetherSources = ['ORDER', 'CART', 'DAY', 'WEEK', 'SESSION', 'SHOPPER'] as const;
/** One of {@link togetherSources}. */
export type TogetherSource = (typeof togetherSources)[number];

/** Evidence for one product to be bought together with another. */
export interface TogetherEvidence {
  readonly source: TogetherSource;
  /** Number of orders (carts, days …) with both, at least 1. */
  readonly support: number;
}

/** When a shopper bought a product, and when they buy it again. */
export interface RepeatEvidence {
  /** Instant of the latest order with it, milliseconds since the epoch. */
  readonly lastBoughtAt: number;
  /** Instant by which it is bought again with probability ½; null where that is unknown or more than a year away. */
  readonly dueAt: number | null;
}

/** One product of a list. */
export interface RecommendedItem {
  readonly productId: ProductId;
  /** 1 = first. */
  readonly rank: number;
  /** Score of the strategy: comparable only within the list. */
  readonly score: number;
  readonly source: RecommendationSource;
  /** Present for an item that completes a cart or product; not stored with the list. */
  readonly together?: TogetherEvidence;
  /** Present for an item that the shopper bought before; not stored with the list. */
  readonly repeat?: RepeatEvidence;
}

/** A list as it was shown, immutable; events are attributed to it. */
export interface RecommendationList {
  readonly shopId: ShopId;
  readonly id: ListId;
  readonly userId: UserId | null;
  readonly sourceProductId: ProductId | null;
  readonly placement: string;
  /** Name of the model that led the list. */
  readonly strategy: string;
  readonly modelVersion: string | null;
  readonly degraded: DegradedReason | null;
  readonly items: readonly RecommendedItem[];
  readonly createdAt: number;
  readonly expiresAt: number;
}
