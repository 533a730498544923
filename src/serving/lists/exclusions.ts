import type { ProductId } from '../../domain/ids';

/** Why a source may not propose a product, besides products that an earlier source proposed. */
export type ExclusionReason =
  /** The shop's rule on products that the shopper has dealt with (`ShopPolicy.alreadySeen`). */
  | 'ALREADY_SEEN'
  /** In the cart, on the screen, or what the list is about. */
  | 'IN_CONTEXT'
  /** Named in `excludeProductIds`. */
  | 'EXCLUDED_BY_REQUEST'
  /** Bought before: not for a place that is kept for discovery. */
  | 'BOUGHT_BEFORE';

/** Products that no source may propose, by id. */
export type Exclusions = ReadonlyMap<string, ExclusionReason>;

/** What a source may not propose. */
export interface Barred {
  readonly exclusions: Exclusions;
  /** Products that earlier sources proposed, in their order. */
  readonly taken: readonly ProductId[];
}

/** What a request gives no place in its list. */
export interface ExcludedProducts {
  readonly alreadySeen: Iterable<string>;
  readonly inContext: Iterable<string>;
  readonly byRequest: Iterable<string>;
}

/** Returns each excluded product with one reason; an exclusion by the request has priority over the others. */
export function exclusionsOf({ alreadySeen, inContext, byRequest }: ExcludedProducts): Exclusions {
  const reasons = new Map<string, ExclusionReason>();
  for (const id of alreadySeen) reasons.set(id, 'ALREADY_SEEN');
  for (const id of inContext) reasons.set(id, 'IN_CONTEXT');
  for (const id of byRequest) reasons.set(id, 'EXCLUDED_BY_REQUEST');
  return reasons;
}
