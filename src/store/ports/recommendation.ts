import type { ListId, ShopId, UserId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import type { Page, PageRequest } from './page';

/** Lists that were shown. */
export interface RecommendationStore {
  /** Keeps lists; one that is already kept is left as it is. */
  saveMany(lists: readonly RecommendationList[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly ListId[]): Promise<ReadonlyMap<ListId, RecommendationList>>;
  /** By (createdAt, id) descending. */
  pageOfUser(shopId: ShopId, userId: UserId, request: PageRequest): Promise<Page<RecommendationList>>;
  /** Removes lists whose end has come; answers how many. */
  removeExpired(now: number): Promise<number>;
}
