import type { RecommendationStore } from '../../store/ports/recommendation';
import type { ListBuffer } from './listBuffer';

/** The store of lists, read through a buffer: lists that are not yet written are found, too. */
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
