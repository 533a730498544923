import type { RecommendationList } from '../../domain/recommendation';
import type { RecommendationStore } from '../ports/recommendation';
import { ByShop, pick } from './byShop';
import { removeExpiredOf } from './expiry';
import { pageOf } from './order';

/** Creates the in-memory store of recommendation lists. */
export function createMemoryRecommendations(): RecommendationStore {
  const lists = new ByShop<RecommendationList>();
  return {
    async saveMany(rows) {
      for (const list of rows) {
        if (!lists.of(list.shopId).has(list.id)) lists.of(list.shopId).set(list.id, list);
      }
    },
    async findMany(shopId, ids) {
      return pick(lists.of(shopId), ids);
    },
    async pageOfUser(shopId, userId, request) {
      const rows = [...lists.of(shopId).values()].filter(list => list.userId === userId);
      return pageOf(rows, request, list => ({ at: list.createdAt, id: list.id }), -1);
    },
    async removeExpired(now) {
      return removeExpiredOf(lists, now);
    },
  };
}
