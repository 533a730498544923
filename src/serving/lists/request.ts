import { GatewayError } from '../../domain/errors';
import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type { RecommendFilters } from '../live/filter';

/** A request for a shopper's list. */
export interface RecommendRequest {
  readonly shopId: ShopId;
  /** Null for an anonymous visitor: only the context below is then known. */
  readonly userId: UserId | null;
  /** Where in the shop the list is shown, as the shop names it. */
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

/** A request for products similar to one. */
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

/** A request for products bought together with one product, or with a cart. */
export interface TogetherRequest {
  readonly shopId: ShopId;
  /** At least one. They are not listed themselves. */
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
