import type { RecommendationStore } from '../../store/ports/recommendation';
import type { ListBuffer } from './listBuffer';

/** The lists' store seen through a buffer: whoever reads it never misses a list that waits to be written. */
export function bufferedListStore(store: RecommendationStore, buffer: ListBuffer): RecommendationStore {
  return {
    saveMany: lists => store.saveMany(lists),
    findMany: buffer.findMany,
    async pageOfUser(shopId, userId, request) {
      await buffer.settle();
      return await store.pageOfUser(shopId, userId, request);
    },
    removeExpired: now => store.removeExpired(now),
  };
}
