import type { ProductId } from '../../domain/ids';
import type { DegradedReason } from '../../domain/recommendation';
import type { ServingConfig } from '../live/config';
import type { LiveModel } from '../live/liveModel';
import type { LiveShop } from '../live/liveShop';
import {
  draftOf,
  eligibleUnder,
  fillList,
  filterReasonsOf,
  type RecommendedDraft,
  shortReason,
} from './draft';
import { exclusionsOf } from './exclusions';
import type { TogetherRequest } from './request';
import { type AskedStrategy, popularOf, sourceModelsOf } from './sourceModels';
import { anybody, cartSources, hasEvidence, newestSource, shopperSource } from './sources';

/** Why nothing is known to be bought together with the products; null when something is. */
function evidenceReason(
  complements: readonly LiveModel[],
  productIds: readonly ProductId[],
): DegradedReason | null {
  if (complements.length === 0) return 'MODEL_NOT_TRAINED';
  return complements.some(live => hasEvidence(live, productIds)) ? null : 'COLD_START';
}

/**
 * Makes a list of products that are likely to be bought together with some products: those that were bought in one order with them, then
 * those that the models expect next. Popular products, then the newest, fill a list that no model of carts can make. No shopper is read. Synchronous, as `draftForShopper`.
 */
export function draftTogether(
  shop: LiveShop,
  request: TogetherRequest,
  asked: AskedStrategy | null,
  config: ServingConfig,
): RecommendedDraft {
  const { productIds, first, filters, excludeProductIds, now } = request;
  const { complements, chain } = sourceModelsOf(shop.shelf.current(), config.strategies, asked);
  const readEligible = eligibleUnder(shop, filters);
  const filled = fillList({
    first,
    sources: [
      ...cartSources(complements, productIds, readEligible),
      ...popularOf(chain).map(live => shopperSource(live, anybody, readEligible, now)),
      newestSource(readEligible),
    ],
    exclusions: exclusionsOf({ alreadySeen: [], inContext: productIds, byRequest: excludeProductIds }),
    reserve: null,
    discovery: null,
    newcomers: null,
    filterReasonOf: filterReasonsOf(shop, filters),
  });
  const degraded = evidenceReason(complements, productIds) ?? shortReason(filled.items, first);
  return draftOf(filled, degraded);
}
