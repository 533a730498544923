/** Why a source may not propose a product. */
export type ExclusionReason =
  /** The shop's rule on products that the shopper has dealt with (`ShopPolicy.alreadySeen`). */
  | 'ALREADY_SEEN'
  /** In the cart, on the screen, or what the list is about. */
  | 'IN_CONTEXT'
  /** Named in `excludeProductIds`. */
  | 'EXCLUDED_BY_REQUEST'
  /** An earlier source proposed it. */
  | 'TAKEN_BY_SOURCE';

/** Products that may not be proposed, by id. */
export type Exclusions = ReadonlyMap<string, ExclusionReason>;

/** What a request gives no place in its list. */
export interface ExcludedProducts {
  readonly alreadySeen: Iterable<string>;
  readonly inContext: Iterable<string>;
  readonly byRequest: Iterable<string>;
}

/** Exclusions before any source is asked; the wish of the request comes before other reasons. */
export function exclusionsOf({ alreadySeen, inContext, byRequest }: ExcludedProducts): Exclusions {
  const reasons = new Map<string, ExclusionReason>();
  for (const id of alreadySeen) reasons.set(id, 'ALREADY_SEEN');
  for (const id of inContext) reasons.set(id, 'IN_CONTEXT');
  for (const id of byRequest) reasons.set(id, 'EXCLUDED_BY_REQUEST');
  return reasons;
}
