import type { ShopId, UserId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import type { Consent } from '../../domain/user';
import type { RecommendationStore } from '../ports/recommendation';
import type { UserStore } from '../ports/user';
import { ByShop, pick } from './byShop';
import { removeExpiredOf } from './expiry';
import { pageOf } from './order';

/** The in-memory store of lists, and what happens to the lists of a shopper who ends. */
export interface MemoryRecommendations {
  readonly store: RecommendationStore;
  forget(shopId: ShopId, userId: UserId): void;
  /** Gives the lists of one shopper to another. Returns how many. */
  move(shopId: ShopId, from: UserId, to: UserId): number;
}

/** Creates the in-memory store of recommendation lists. @param users - who may have lists is read from them */
export function createMemoryRecommendations(
  users: Pick<UserStore, 'findMany' | 'consentsOf'>,
): MemoryRecommendations {
  const lists = new ByShop<RecommendationList>();

  /** Returns whether the shopper was deactivated, or withdrew PERSONALIZATION after the list was made. */
  async function isForgotten({ shopId, userId, createdAt }: RecommendationList): Promise<boolean> {
    if (userId === null) return false;
    const user = (await users.findMany(shopId, [userId])).get(userId);
    const consents = (await users.consentsOf(shopId, [userId])).get(userId) ?? [];
    const isWithdrawal = ({ purpose, granted, updatedAt }: Consent) =>
      purpose === 'PERSONALIZATION' && !granted && updatedAt >= createdAt;
    return (user !== undefined && user.deactivatedAt !== null) || consents.some(isWithdrawal);
  }

  const store: RecommendationStore = {
    async saveMany(rows) {
      for (const list of rows) {
        if (lists.of(list.shopId).has(list.id) || (await isForgotten(list))) continue;
        lists.of(list.shopId).set(list.id, list);
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

  return {
    store,
    forget(shopId, userId) {
      for (const list of [...lists.of(shopId).values()]) {
        if (list.userId === userId) lists.of(shopId).delete(list.id);
      }
    },
    move(shopId, from, to) {
      const moved = [...lists.of(shopId).values()].filter(list => list.userId === from);
      for (const list of moved) lists.of(shopId).set(list.id, { ...list, userId: to });
      return moved.length;
    },
  };
}
