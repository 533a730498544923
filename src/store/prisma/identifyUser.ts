import { eventKeySuffixOf } from '../../domain/eventKey';
import {
  type IdentityRefusal,
  type IdentityState,
  joinConsents,
  refusalOf,
  type UserIdentity,
} from '../../domain/identity';
import type { ShopId, UserId } from '../../domain/ids';
import type { Consent } from '../../domain/user';
import type { IdentifyRequest, UserUpsert } from '../ports/user';
import type { Queryable, Statement } from './database';

const stubsStatement: Statement = {
  name: 'identityStubs',
  text: `INSERT INTO "User" ("shopId", id, "isStub", "createdAt", "updatedAt")
    SELECT $1, id, true, to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000)
    FROM unnest($2::text[]) AS id ORDER BY id ON CONFLICT DO NOTHING`,
};

/** Locks both users in the order of their ids, so that two merges cannot deadlock, and neither sees half of the other. */
const lockStatement: Statement = {
  name: 'identityLock',
  text: `SELECT id, locale, "deactivatedAt" IS NOT NULL AS "isDeactivated" FROM "User"
    WHERE "shopId" = $1 AND id = ANY($2) ORDER BY id FOR UPDATE`,
};

const knownStatement: Statement = {
  name: 'identityKnown',
  text: `SELECT "anonymousId", "userId" FROM "UserIdentity"
    WHERE "shopId" = $1 AND ("anonymousId" = $2 OR "userId" = $2) ORDER BY "anonymousId" = $2 DESC LIMIT 2`,
};

const consentsStatement: Statement = {
  name: 'identityConsents',
  text: `SELECT "userId", purpose::text AS purpose, granted, source, "updatedAt" FROM "Consent"
    WHERE "shopId" = $1 AND "userId" = ANY($2) ORDER BY purpose`,
};

const forgetConsentsStatement: Statement = {
  name: 'identityForgetConsents',
  text: 'DELETE FROM "Consent" WHERE "shopId" = $1 AND "userId" = $2',
};

/** The key of an event after the merge: $4 ends the keys of the visitor's own space, $5 those of the shopper's. */
const movedKey = (id: string): string =>
  `CASE WHEN right(${id}, length($4)) = $4 THEN left(${id}, length(${id}) - length($4)) || $5 ELSE ${id} END`;

const moveEventsStatement: Statement = {
  name: 'identityMoveEvents',
  text: `WITH moved AS (
      UPDATE "Interaction" AS event SET "userId" = $3, id = ${movedKey('event.id')}
      WHERE "shopId" = $1 AND "userId" = $2 AND (right(id, length($4)) <> $4 OR NOT EXISTS (
        SELECT FROM "Interaction" AS kept WHERE kept."shopId" = $1 AND kept.id = ${movedKey('event.id')}))
      RETURNING 1)
    SELECT count(*)::int AS count FROM moved`,
};

/** Deletes the events that the shopper has sent as well. It names them, so that an event that arrives meanwhile stays. */
const dropRepeatedStatement: Statement = {
  name: 'identityDropRepeated',
  text: `DELETE FROM "Interaction" AS event WHERE "shopId" = $1 AND "userId" = $2 AND right(id, length($4)) = $4
    AND EXISTS (SELECT FROM "Interaction" AS kept
      WHERE kept."shopId" = $1 AND kept.id = ${movedKey('event.id')} AND kept."userId" = $3)`,
};

const moveListsStatement: Statement = {
  name: 'identityMoveLists',
  text: `WITH moved AS (UPDATE "RecommendationList" SET "userId" = $3 WHERE "shopId" = $1 AND "userId" = $2 RETURNING 1)
    SELECT count(*)::int AS count FROM moved`,
};

/** `joinSubscription` of domain/subscription.ts; the rows of the visitor stay, because addresses in messages name them. */
const joinSubscriptionsStatement: Statement = {
  name: 'identityJoinSubscriptions',
  text: `INSERT INTO "Subscription" AS kept
      ("shopId", "userId", channel, "isSubscribed", source, "updatedAt", suppression, "suppressedAt")
    SELECT "shopId", $3, channel, "isSubscribed", source, "updatedAt", suppression, "suppressedAt"
    FROM "Subscription" WHERE "shopId" = $1 AND "userId" = $2 ORDER BY channel
    ON CONFLICT ("shopId", "userId", channel) DO UPDATE SET
      "isSubscribed" = CASE WHEN kept."isSubscribed" IS NULL OR EXCLUDED."isSubscribed" IS FALSE
        THEN EXCLUDED."isSubscribed" ELSE kept."isSubscribed" END,
      source = CASE WHEN kept."isSubscribed" IS NULL OR EXCLUDED."isSubscribed" IS FALSE
        THEN EXCLUDED.source ELSE kept.source END,
      "updatedAt" = greatest(kept."updatedAt", EXCLUDED."updatedAt"),
      suppression = coalesce(kept.suppression, EXCLUDED.suppression),
      "suppressedAt" = CASE WHEN kept.suppression IS NULL THEN EXCLUDED."suppressedAt" ELSE kept."suppressedAt" END`,
};

const recordStatement: Statement = {
  name: 'identityRecord',
  text: `INSERT INTO "UserIdentity" AS kept
      ("shopId", "anonymousId", "userId", "identifiedBy", "mergedEvents", "mergedLists", "identifiedAt")
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))
    ON CONFLICT ("shopId", "anonymousId") DO UPDATE SET
      "mergedEvents" = kept."mergedEvents" + EXCLUDED."mergedEvents",
      "mergedLists" = kept."mergedLists" + EXCLUDED."mergedLists"
    RETURNING "anonymousId", "userId", "identifiedAt", "mergedEvents", "mergedLists"`,
};

interface LockedUser {
  readonly id: UserId;
  readonly locale: string | null;
  readonly isDeactivated: boolean;
}

/** Writes users within a transaction, with what follows from a deactivation or a withdrawal. */
export type WriteUsers = (transaction: Queryable, users: readonly UserUpsert[]) => Promise<unknown>;

async function stateOf(
  transaction: Queryable,
  shopId: ShopId,
  { anonymousId, userId }: IdentifyRequest,
  locked: ReadonlyMap<UserId, LockedUser>,
): Promise<IdentityState> {
  const known = await transaction.query<Pick<UserIdentity, 'anonymousId' | 'userId'>>(knownStatement, [
    shopId,
    anonymousId,
  ]);
  return {
    anonymousId,
    userId,
    identifiedAs: known.find(identity => identity.anonymousId === anonymousId)?.userId ?? null,
    hasVisitors: known.some(identity => identity.userId === anonymousId),
    isVisitorDeactivated: locked.get(anonymousId)?.isDeactivated === true,
    isUserDeactivated: locked.get(userId)?.isDeactivated === true,
  };
}

async function moveHistory(transaction: Queryable, shopId: ShopId, request: IdentifyRequest) {
  const { anonymousId, userId, anonymousSpace, userSpace } = request;
  const from = [shopId, anonymousId, userId];
  const keys = [eventKeySuffixOf(anonymousSpace), eventKeySuffixOf(userSpace)];
  const [events] = await transaction.query<{ count: number }>(moveEventsStatement, [...from, ...keys]);
  await transaction.query(dropRepeatedStatement, [...from, ...keys]);
  const [lists] = await transaction.query<{ count: number }>(moveListsStatement, from);
  return { events: events.count, lists: lists.count };
}

async function joinedConsents(transaction: Queryable, shopId: ShopId, request: IdentifyRequest) {
  const { anonymousId, userId } = request;
  const rows = await transaction.query<Consent & { userId: UserId }>(consentsStatement, [
    shopId,
    [anonymousId, userId],
  ]);
  const of = (id: UserId): readonly Consent[] => rows.filter(row => row.userId === id);
  return joinConsents(of(userId), of(anonymousId));
}

/** Merges a visitor into a shopper within a transaction: `UserStore.identify`. */
export async function identifyUser(
  transaction: Queryable,
  shopId: ShopId,
  request: IdentifyRequest,
  { now, writeUsers }: { readonly now: number; readonly writeUsers: WriteUsers },
): Promise<UserIdentity | IdentityRefusal> {
  const { anonymousId, userId, identifiedBy } = request;
  const ids = [anonymousId, userId];
  await transaction.query(stubsStatement, [shopId, ids, now]);
  const locked = new Map(
    (await transaction.query<LockedUser>(lockStatement, [shopId, ids])).map(user => [user.id, user]),
  );
  const refusal = refusalOf(await stateOf(transaction, shopId, request, locked));
  if (refusal !== null) return refusal;
  const consents = await joinedConsents(transaction, shopId, request);
  const { events, lists } = await moveHistory(transaction, shopId, request);
  await transaction.query(joinSubscriptionsStatement, [shopId, anonymousId, userId]);
  const locale = locked.get(userId)?.locale ?? locked.get(anonymousId)?.locale ?? null;
  await transaction.query(forgetConsentsStatement, [shopId, anonymousId]);
  await writeUsers(transaction, [
    { id: userId, locale, consents },
    { id: anonymousId, deactivatedAt: now },
  ]);
  const record = [shopId, anonymousId, userId, identifiedBy, events, lists, now];
  const [identity] = await transaction.query<UserIdentity>(recordStatement, record);
  return identity;
}
