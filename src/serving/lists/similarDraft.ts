import { declares } from '../../models/capability';
import type { ServingConfig } from '../live/config';
import type { RecommendFilters } from '../live/filter';
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
import type { SimilarRequest } from './request';
import { type AskedStrategy, popularOf, sourceModelsOf } from './sourceModels';
import { anybody, newestSource, shopperSource, similarSource } from './sources';

/** The product's own category, when the request names none: products that pad a short list should be of the same kind. */
function nearFilters(shop: LiveShop, { productId, filters }: SimilarRequest): RecommendFilters {
  const { catalogue } = shop;
  const row = catalogue.rowOf(productId);
  if (row < 0 || (filters.category?.length ?? 0) > 0) return filters;
  return { ...filters, category: catalogue.categoryPaths[catalogue.category[row]] };
}

/**
 * Makes a list of products similar to one: from models that declare `similar`, then popular products of its category,
 * then popular products of any, and the newest in the same way. No shopper is read. Synchronous, as `draftForShopper`.
 */
export function draftSimilar(
  shop: LiveShop,
  request: SimilarRequest,
  asked: AskedStrategy | null,
  config: ServingConfig,
): RecommendedDraft {
  const { productId, first, filters, excludeProductIds, now } = request;
  const { chain, wanted } = sourceModelsOf(shop.shelf.current(), config.strategies, asked, live =>
    declares(live.card, 'similar'),
  );
  const anywhere = eligibleUnder(shop, filters);
  const nearby = eligibleUnder(shop, nearFilters(shop, request));
  const popular = popularOf(chain);
  const filled = fillList({
    first,
    sources: [
      ...chain
        .filter(({ card }) => declares(card, 'similar'))
        .map(live => similarSource(live, productId, anywhere)),
      ...[nearby, anywhere].flatMap(readEligible =>
        popular.map(live => shopperSource(live, anybody, readEligible, now)),
      ),
      newestSource(nearby),
      newestSource(anywhere),
    ],
    exclusions: exclusionsOf({ alreadySeen: [], inContext: [productId], byRequest: excludeProductIds }),
    reserve: null,
    discovery: null,
    newcomers: null,
    filterReasonOf: filterReasonsOf(shop, filters),
  });
  const degraded = modelReason(wanted, filled.record) ?? shortReason(filled.items, first);
  return draftOf(filled, degraded);
}
