import { joinConsents, type RecordedIdentity, refusalOf, type UserIdentity } from '../../domain/identity';
import type { ShopId, UserId } from '../../domain/ids';
import type { Consent, ConsentPurpose, User } from '../../domain/user';
import type { IdentifyRequest, UserStore } from '../ports/user';
import type { ByShop } from './byShop';
import type { MemoryChanges } from './changes';

/** What a merge reads and changes. */
export interface IdentifyContext {
  readonly users: ByShop<User>;
  readonly identities: ByShop<RecordedIdentity>;
  readonly consents: ByShop<ReadonlyMap<ConsentPurpose, Consent>>;
  readonly changes: MemoryChanges;
  readonly addStub: (shopId: ShopId, id: UserId, now: number) => void;
  readonly upsertMany: UserStore['upsertMany'];
  /** Gives events and lists of a visitor to a shopper; returns how many of each. */
  readonly move: (
    shopId: ShopId,
    request: IdentifyRequest,
  ) => { readonly events: number; readonly lists: number };
}

/** Creates the method that merges a visitor into a shopper. It changes everything before it waits for the first time. */
export function createMemoryIdentify(context: IdentifyContext): UserStore['identify'] {
  const { users, identities, consents, changes, addStub, upsertMany, move } = context;
  const answersOf = (shopId: ShopId, id: UserId): readonly Consent[] => [
    ...(consents.of(shopId).get(id)?.values() ?? []),
  ];

  function refusalFor(shopId: ShopId, { anonymousId, userId }: IdentifyRequest) {
    const known = identities.of(shopId);
    const isDeactivated = (id: UserId) => (users.of(shopId).get(id)?.deactivatedAt ?? null) !== null;
    return refusalOf({
      anonymousId,
      userId,
      identifiedAs: known.get(anonymousId)?.userId ?? null,
      hasVisitors: [...known.values()].some(identity => identity.userId === anonymousId),
      isVisitorDeactivated: isDeactivated(anonymousId),
      isUserDeactivated: isDeactivated(userId),
    });
  }

  function record(shopId: ShopId, request: IdentifyRequest, now: number): UserIdentity {
    const { anonymousId, userId, identifiedBy } = request;
    const { events, lists } = move(shopId, request);
    const known = identities.of(shopId);
    const { identifiedAt = now, mergedEvents = 0, mergedLists = 0 } = known.get(anonymousId) ?? {};
    const counts = { mergedEvents: mergedEvents + events, mergedLists: mergedLists + lists };
    const identity = { anonymousId, userId, identifiedAt, ...counts };
    const { identifiedBy: first = identifiedBy } = known.get(anonymousId) ?? {};
    known.set(anonymousId, { ...identity, identifiedBy: first });
    return identity;
  }

  return async (shopId, request, now) => {
    const { anonymousId, userId } = request;
    for (const id of [anonymousId, userId]) addStub(shopId, id, now);
    const refusal = refusalFor(shopId, request);
    if (refusal !== null) return refusal;
    const joined = joinConsents(answersOf(shopId, userId), answersOf(shopId, anonymousId));
    const identity = record(shopId, request, now);
    consents.of(shopId).delete(anonymousId);
    const localeOf = (id: UserId) => users.of(shopId).get(id)?.locale ?? null;
    const user = { id: userId, locale: localeOf(userId) ?? localeOf(anonymousId), consents: joined };
    await upsertMany(shopId, [user, { id: anonymousId, deactivatedAt: now }], now);
    changes.announce({ kind: 'user', shopId, userId });
    return identity;
  };
}
