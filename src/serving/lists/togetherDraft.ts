import type { ServingConfig } from '../live/config';
import type { LiveShop } from '../live/liveShop';
import {
  draftOf,
  eligibleUnder,
  fillList,
  filterReasonsOf,
  modelReason,
  type RecommendedDraft,
  shortReason,
} from './draft';
import { exclusionsOf } from './exclusions';
import type { TogetherRequest } from './request';
import { type AskedStrategy, sourceModelsOf } from './sourceModels';
import { cartSource } from './sources';

/**
 * Makes a list of products that are bought together with some products. Nothing pads it: other products are not bought
 * together with them. No shopper is read. Synchronous, as `draftForShopper`.
 */
export function draftTogether(
  shop: LiveShop,
  request: TogetherRequest,
  asked: AskedStrategy | null,
  config: ServingConfig,
): RecommendedDraft {
  const { productIds, first, filters, excludeProductIds } = request;
  const { complements } = sourceModelsOf(shop.shelf.current(), config.strategies, asked);
  const readEligible = eligibleUnder(shop, filters);
  const filled = fillList({
    first,
    sources: complements.map(live => cartSource(live, productIds, readEligible)),
    exclusions: exclusionsOf({ alreadySeen: [], inContext: productIds, byRequest: excludeProductIds }),
    reserve: null,
    newcomers: null,
    filterReasonOf: filterReasonsOf(shop, filters),
  });
  const degraded = modelReason(complements, filled.record) ?? shortReason(filled.items, first);
  return draftOf(filled, degraded, 'none');
}
