import type { ListId, ShopId, UserId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import type { Page, PageRequest } from './page';

/** Stores lists that were served. */
export interface RecommendationStore {
  /**
   * Stores lists. A list that is already stored stays as it is. A list of a shopper who is deactivated, or withdrew
   * PERSONALIZATION after the list was made, is ignored.
   */
  saveMany(lists: readonly RecommendationList[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly ListId[]): Promise<ReadonlyMap<ListId, RecommendationList>>;
  /** By (createdAt, id) descending. */
  pageOfUser(shopId: ShopId, userId: UserId, request: PageRequest): Promise<Page<RecommendationList>>;
  /** Deletes expired lists. Returns the number of deleted ones. */
  removeExpired(now: number): Promise<number>;
}
