import { type ProductId, toListId } from '../../domain/ids';
import type { DegradedReason, RecommendationList } from '../../domain/recommendation';
import type { LiveShop } from '../live/liveShop';
import type { RecommendedDraft } from './draft';
import type { RecommendRequest, SimilarRequest, TogetherRequest } from './request';

/** Lists made, by reason of degradation; `none` counts lists as requested. */
export type ListCounts = Readonly<Record<DegradedReason | 'none', number>>;

/** Turns drafts into lists with an id and an expiry, and counts them. */
export interface ListMaker {
  make(
    shop: LiveShop,
    request: RecommendRequest | SimilarRequest | TogetherRequest,
    draft: RecommendedDraft,
    sourceProductId: ProductId | null,
  ): RecommendationList;
  counts(): ListCounts;
}

const msPerDay = 86_400_000;

/** @param newId - a UUIDv7 for a list made at `now` */
export function createListMaker(newId: (now: number) => string): ListMaker {
  const counts: Record<DegradedReason | 'none', number> = {
    none: 0,
    MODEL_NOT_TRAINED: 0,
    COLD_START: 0,
    CONSENT_WITHHELD: 0,
    FILTERS_TOO_NARROW: 0,
    HISTORY_UNAVAILABLE: 0,
    USER_DEACTIVATED: 0,
  };
  return {
    make(shop, request, { items, servedBy, degraded }, sourceProductId) {
      const list: RecommendationList = {
        shopId: request.shopId,
        id: toListId(newId(request.now)),
        userId: request.userId,
        sourceProductId,
        placement: request.placement,
        strategy: servedBy?.card.name ?? 'newest',
        modelVersion: servedBy?.record.version ?? null,
        degraded,
        items,
        createdAt: request.now,
        expiresAt: request.now + shop.policy().retention.listDays * msPerDay,
      };
      counts[degraded ?? 'none']++;
      return list;
    },
    counts: () => ({ ...counts }),
  };
}
