import type { ShopId, UserId } from '../../domain/ids';
import { joinSubscription, type Subscription } from '../../domain/subscription';
import type { SubscriptionKey, SubscriptionStore } from '../ports/subscription';
import type { UserStore } from '../ports/user';
import { ByShop, keyOf } from './byShop';

interface StoredSubscription extends SubscriptionKey {
  readonly subscription: Subscription;
  readonly linkId: string | null;
}

/** The in-memory store of subscriptions, and what a merge of a visitor does. */
export interface MemorySubscriptions {
  readonly store: SubscriptionStore;
  join(shopId: ShopId, anonymousId: UserId, userId: UserId): void;
}

/** Returns who a merged visitor is; others are themselves. */
async function shopperOf(users: UserStore, shopId: ShopId, userId: UserId): Promise<UserId> {
  for await (const batch of users.scanIdentities(shopId)) {
    const identity = batch.find(({ anonymousId }) => anonymousId === userId);
    if (identity !== undefined) return identity.userId;
  }
  return userId;
}

/** Creates the in-memory store of subscriptions. @param users - knows which visitors were merged into whom */
export function createMemorySubscriptions(users: UserStore): MemorySubscriptions {
  const rows = new ByShop<StoredSubscription>();

  function change(
    key: SubscriptionKey,
    now: number,
    changed: Partial<Subscription>,
    linkId: string | null = null,
  ): StoredSubscription {
    const { shopId, userId, channel } = key;
    const known = rows.of(shopId).get(keyOf(userId, channel));
    const unset = { isSubscribed: null, source: null, suppression: null, suppressedAt: null, updatedAt: now };
    const subscription = { ...(known?.subscription ?? { ...unset, channel }), ...changed };
    const row = { shopId, userId, channel, subscription, linkId: known?.linkId ?? linkId };
    rows.of(shopId).set(keyOf(userId, channel), row);
    return row;
  }

  function join(shopId: ShopId, anonymousId: UserId, userId: UserId): void {
    for (const row of [...rows.of(shopId).values()].filter(({ userId: id }) => id === anonymousId)) {
      const { channel, subscription } = row;
      const own = rows.of(shopId).get(keyOf(userId, channel))?.subscription;
      change({ shopId, userId, channel }, subscription.updatedAt, joinSubscription(own, subscription));
    }
  }

  const store: SubscriptionStore = {
    async of(shopId, ids) {
      const found = ids.map(id => {
        const ofUser = [...rows.of(shopId).values()].filter(({ userId }) => userId === id);
        return [id, ofUser.map(({ subscription }) => subscription)] as const;
      });
      return new Map(found.filter(([, subscriptions]) => subscriptions.length > 0));
    },
    async choose(key, choice, now) {
      change(key, now, { ...choice, updatedAt: now });
    },
    async suppress(key, suppression, now) {
      change(key, now, { suppression, suppressedAt: suppression === null ? null : now, updatedAt: now });
    },
    async linkOf(key, newId, now) {
      return change(key, now, {}, newId).linkId ?? newId;
    },
    async findLink(linkId) {
      for (const ofShop of rows.all())
        for (const { linkId: id, shopId, userId, channel } of ofShop.values())
          if (id === linkId) return { shopId, userId: await shopperOf(users, shopId, userId), channel };
      return null;
    },
  };
  return { store, join };
}
