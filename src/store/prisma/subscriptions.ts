import type { ShopId, UserId } from '../../domain/ids';
import type { Subscription } from '../../domain/subscription';
import type { SubscriptionKey, SubscriptionStore } from '../ports/subscription';
import type { Database, Statement } from './database';

const ofStatement: Statement = {
  name: 'subscriptionsOf',
  text: `SELECT "userId", channel::text AS channel, "isSubscribed", source, "updatedAt", suppression::text AS suppression,
      "suppressedAt"
    FROM "Subscription" WHERE "shopId" = $1 AND "userId" = ANY($2) ORDER BY "userId", channel`,
};

const at = (place: number): string => `to_timestamp($${place}::float8 / 1000)`;
const key = '("shopId", "userId", channel)';

const chooseStatement: Statement = {
  name: 'subscriptionChoose',
  text: `INSERT INTO "Subscription" ("shopId", "userId", channel, "isSubscribed", source, "updatedAt")
    VALUES ($1, $2, $3::"CampaignChannel", $4, $5, ${at(6)}) ON CONFLICT ${key} DO UPDATE
    SET "isSubscribed" = EXCLUDED."isSubscribed", source = EXCLUDED.source, "updatedAt" = EXCLUDED."updatedAt"`,
};

const suppressStatement: Statement = {
  name: 'subscriptionSuppress',
  text: `INSERT INTO "Subscription" ("shopId", "userId", channel, suppression, "suppressedAt", "updatedAt")
    VALUES ($1, $2, $3::"CampaignChannel", $4::"SuppressionReason",
      CASE WHEN $4::"SuppressionReason" IS NULL THEN NULL ELSE ${at(5)} END, ${at(5)})
    ON CONFLICT ${key} DO UPDATE SET suppression = EXCLUDED.suppression, "suppressedAt" = EXCLUDED."suppressedAt",
      "updatedAt" = EXCLUDED."updatedAt"`,
};

const linkStatement: Statement = {
  name: 'subscriptionLink',
  text: `INSERT INTO "Subscription" AS kept ("shopId", "userId", channel, "linkId", "updatedAt")
    VALUES ($1, $2, $3::"CampaignChannel", $4, ${at(5)})
    ON CONFLICT ${key} DO UPDATE SET "linkId" = coalesce(kept."linkId", EXCLUDED."linkId") RETURNING "linkId"`,
};

/** A visitor who was merged into a shopper since then is that shopper. */
const findLinkStatement: Statement = {
  name: 'subscriptionFindLink',
  text: `SELECT answer."shopId", coalesce(identity."userId", answer."userId") AS "userId", answer.channel::text AS channel
    FROM "Subscription" AS answer LEFT JOIN "UserIdentity" AS identity
      ON identity."shopId" = answer."shopId" AND identity."anonymousId" = answer."userId"
    WHERE answer."linkId" = $1`,
};

async function subscriptionsOf(
  database: Database,
  shopId: ShopId,
  ids: readonly UserId[],
): Promise<ReadonlyMap<UserId, readonly Subscription[]>> {
  const found = new Map<UserId, Subscription[]>();
  const rows = await database.query<Subscription & { readonly userId: UserId }>(ofStatement, [shopId, ids]);
  for (const { userId, ...subscription } of rows) {
    const known = found.get(userId);
    if (known === undefined) found.set(userId, [subscription]);
    else known.push(subscription);
  }
  return found;
}

/** Creates the PostgreSQL store of subscriptions. */
export function createPrismaSubscriptions(database: Database): SubscriptionStore {
  return {
    of: (shopId, ids) => subscriptionsOf(database, shopId, ids),
    async choose({ shopId, userId, channel }, { isSubscribed, source }, now) {
      await database.query(chooseStatement, [shopId, userId, channel, isSubscribed, source, now]);
    },
    async suppress({ shopId, userId, channel }, reason, now) {
      await database.query(suppressStatement, [shopId, userId, channel, reason, now]);
    },
    async linkOf({ shopId, userId, channel }, newId, now) {
      const values = [shopId, userId, channel, newId, now];
      const [{ linkId }] = await database.query<{ linkId: string }>(linkStatement, values);
      return linkId;
    },
    async findLink(linkId) {
      const [found] = await database.query<SubscriptionKey & Record<string, unknown>>(findLinkStatement, [
        linkId,
      ]);
      return found ?? null;
    },
  };
}
