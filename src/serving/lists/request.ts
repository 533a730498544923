import { GatewayError } from '../../domain/errors';
import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type { RecommendFilters } from '../live/filter';

/** What a shopper is shown somewhere in a shop. */
export interface RecommendRequest {
  readonly shopId: ShopId;
  /** Null for a visitor nobody knows: only the context below speaks for them. */
  readonly userId: UserId | null;
  /** Where in the shop, in the shop's own words. */
  readonly placement: string;
  /** Products wanted, 1 to config.maxFirst. */
  readonly first: number;
  /** Name of the model to ask first; by default config.strategies decide. */
  readonly strategy?: string;
  readonly filters: RecommendFilters;
  readonly excludeProductIds: readonly ProductId[];
  readonly cartProductIds: readonly ProductId[];
  readonly currentProductId: ProductId | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is like a product. */
export interface SimilarRequest {
  readonly shopId: ShopId;
  readonly productId: ProductId;
  readonly placement: string;
  /** Products wanted, 1 to config.maxFirst. */
  readonly first: number;
  /** Name of the model to ask first. */
  readonly strategy?: string;
  readonly filters: RecommendFilters;
  readonly excludeProductIds: readonly ProductId[];
  /** Who is shown the list, for attribution only. */
  readonly userId: UserId | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What is bought together with one product, or with all of a cart. */
export interface TogetherRequest {
  readonly shopId: ShopId;
  /** At least one; none of them is listed. */
  readonly productIds: readonly ProductId[];
  readonly placement: string;
  /** Products wanted, 1 to config.maxFirst. */
  readonly first: number;
  /** Name of the model to ask first. */
  readonly strategy?: string;
  readonly filters: RecommendFilters;
  readonly excludeProductIds: readonly ProductId[];
  /** Who is shown the list, for attribution only. */
  readonly userId: UserId | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** @throws {GatewayError} BAD_USER_INPUT unless `first` is a whole number from 1 to maxFirst */
export function checkFirst(first: number, maxFirst: number): void {
  if (Number.isInteger(first) && first >= 1 && first <= maxFirst) return;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected first to be a whole number from 1 to ${maxFirst}; got ${first}. Ask for fewer, in several placements.`,
    { first },
  );
}
