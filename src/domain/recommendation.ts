import type { ListId, ProductId, ShopId, UserId } from './ids';

/** Where one item of a list came from. */
export const recommendationSources = ['MODEL', 'NEWCOMER', 'RULE', 'POPULAR', 'FALLBACK'] as const;
/** One of {@link recommendationSources}. */
export type RecommendationSource = (typeof recommendationSources)[number];

/** Why a list is less than what was asked for. */
export const degradedReasons = [
  /** No model of the wanted kind is published yet. */
  'MODEL_NOT_TRAINED',
  /** The shopper (or product) has no history the model can use. */
  'COLD_START',
  /** The shopper withdrew consent to personalisation. */
  'CONSENT_WITHHELD',
  /** Fewer products passed the filters than were asked for. */
  'FILTERS_TOO_NARROW',
  /** The store could not be read in time; the history was left out. */
  'HISTORY_UNAVAILABLE',
] as const;
/** One of {@link degradedReasons}. */
export type DegradedReason = (typeof degradedReasons)[number];

/** What counts as having been bought together, the surest first. */
export const togetherSources = ['ORDER', 'CART', 'DAY', 'WEEK', 'SESSION', 'SHOPPER'] as const;
/** One of {@link togetherSources}. */
export type TogetherSource = (typeof togetherSources)[number];

/** What a product goes with another by. */
export interface TogetherEvidence {
  readonly source: TogetherSource;
  /** Orders (carts, days …) that hold both, at least 1. */
  readonly support: number;
}

/** One product of a list. */
export interface RecommendedItem {
  readonly productId: ProductId;
  /** 1 = first. */
  readonly rank: number;
  /** The strategy's own score: comparable within the list only. */
  readonly score: number;
  readonly source: RecommendationSource;
  /** Of an item that completes a cart or product; not kept with the list. */
  readonly together?: TogetherEvidence;
}

/** A list as it was shown: the unit of attribution, immutable. */
export interface RecommendationList {
  readonly shopId: ShopId;
  readonly id: ListId;
  readonly userId: UserId | null;
  readonly sourceProductId: ProductId | null;
  readonly placement: string;
  /** Name of the model that served most of it. */
  readonly strategy: string;
  readonly modelVersion: string | null;
  readonly degraded: DegradedReason | null;
  readonly items: readonly RecommendedItem[];
  readonly createdAt: number;
  readonly expiresAt: number;
}
