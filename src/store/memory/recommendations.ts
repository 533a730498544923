import type { RecommendationList } from '../../domain/recommendation';
import type { RecommendationStore } from '../ports';
import { ByShop, pick } from './byShop';
import { pageOf } from './order';

function removeExpiredOf(rows: Map<string, RecommendationList>, now: number): number {
  const expired = [...rows.values()].filter(list => list.expiresAt <= now);
  for (const list of expired) rows.delete(list.id);
  return expired.length;
}

/** Makes the lists' store in memory. */
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
      let removed = 0;
      for (const rows of lists.all()) removed += removeExpiredOf(rows, now);
      return removed;
    },
  };
}
