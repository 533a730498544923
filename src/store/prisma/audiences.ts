import { createHash } from 'node:crypto';
import type { ShopId } from '../../domain/ids';
import type { AudienceCount, AudienceRequest, AudienceStore, EligibleShopper } from '../ports/audience';
import { filterSql, type StatementValues, statementValues } from './audienceSql';
import type { Database, Statement } from './database';

const batchLength = 5_000;

/** A statement is prepared under its text, because texts differ with the filter. */
const named = (text: string): Statement => ({
  name: `audience${createHash('sha1').update(text).digest('hex').slice(0, 20)}`,
  text,
});

/**
 * `FROM` and `WHERE` of the shoppers of shop $1 who may be contacted over one of the channels $2: `isContactable` of
 * domain/subscription.ts as SQL. `reached.channels` are those over which they may be.
 */
const contactable = `FROM "User" AS person
  LEFT JOIN "Consent" AS marketing ON marketing."shopId" = $1 AND marketing."userId" = person.id
    AND marketing.purpose = 'MARKETING'
  CROSS JOIN LATERAL (SELECT array_agg(wanted.channel ORDER BY wanted.place) AS channels
    FROM unnest($2::text[]) WITH ORDINALITY AS wanted(channel, place)
    LEFT JOIN "Subscription" AS answer ON answer."shopId" = $1 AND answer."userId" = person.id
      AND answer.channel = wanted.channel::"CampaignChannel"
    WHERE answer.suppression IS NULL AND coalesce(answer."isSubscribed", marketing.granted, false)) AS reached
  WHERE person."shopId" = $1 AND person."deactivatedAt" IS NULL AND coalesce(marketing.granted, true)
    AND reached.channels IS NOT NULL
    AND NOT EXISTS (SELECT FROM "Consent" AS personal WHERE personal."shopId" = $1 AND personal."userId" = person.id
      AND personal.purpose = 'PERSONALIZATION' AND NOT personal.granted)`;

const conditionOf = (request: AudienceRequest, given: StatementValues): string =>
  request.filter === null ? 'true' : filterSql(request.filter, request, given);

async function* scan(
  database: Database,
  shopId: ShopId,
  request: AudienceRequest,
): AsyncGenerator<readonly EligibleShopper[]> {
  for (let after = ''; ; ) {
    const given = statementValues([shopId, request.channels, after]);
    const text = `SELECT person.id AS "userId", reached.channels, person.attributes ${contactable}
      AND person.id > $3 AND ${conditionOf(request, given)} ORDER BY person.id LIMIT ${batchLength}`;
    const rows = await database.query<EligibleShopper>(named(text), given.values);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < batchLength) return;
    after = last.userId;
  }
}

async function count(
  database: Database,
  shopId: ShopId,
  request: AudienceRequest,
  limit: number,
): Promise<AudienceCount> {
  const given = statementValues([shopId, request.channels, limit]);
  const text = `WITH contactable AS MATERIALIZED (SELECT person.id ${contactable}),
    tried AS MATERIALIZED (SELECT person.* FROM contactable JOIN "User" AS person
      ON person."shopId" = $1 AND person.id = contactable.id
      WHERE NOT EXISTS (SELECT FROM "Consent" AS answer WHERE answer."shopId" = $1 AND answer."userId" = person.id
        AND answer.purpose = 'ANALYTICS' AND NOT answer.granted)
      ORDER BY hashtextextended(person.id, 0), person.id LIMIT $3)
    SELECT (SELECT count(*)::float8 FROM contactable) AS contactable, count(*)::float8 AS sampled,
      count(*) FILTER (WHERE ${conditionOf(request, given)})::float8 AS matched FROM tried AS person`;
  const [row] = await database.query<AudienceCount & Record<string, unknown>>(named(text), given.values);
  return row;
}

/** Creates the PostgreSQL store of audiences. */
export function createPrismaAudiences(database: Database): AudienceStore {
  return {
    scan: (shopId, request) => scan(database, shopId, request),
    async find(shopId, userId, request) {
      const given = statementValues([shopId, request.channels, userId]);
      const text = `SELECT person.id AS "userId", reached.channels, person.attributes ${contactable}
        AND person.id = $3 AND ${conditionOf(request, given)}`;
      const [row] = await database.query<EligibleShopper>(named(text), given.values);
      return row ?? null;
    },
    count: (shopId, request, limit) => count(database, shopId, request, limit),
  };
}
