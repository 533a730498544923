import type { CampaignId, ShopId } from '../../domain/ids';
import type { CampaignUnit, CampaignUnitRequest, CampaignUnitStore } from '../ports/campaignUnit';
import type { Database, Statement } from './database';

const batchLength = 5_000;

/** Shoppers of campaign $2 of shop $1 after shopper $3; outcomes $4 count within $5 days after the contact, purchases $6 before. */
const unitsStatement: Statement = {
  name: 'campaignUnits',
  text: `SELECT contact."userId", contact.arm = 'TREATMENT' AS "isTreated", contact."offerId",
      after."isConverted", after."revenueMinor", earlier."revenueBeforeMinor"
    FROM "CampaignContact" AS contact
    LEFT JOIN "User" AS person ON person."shopId" = $1 AND person.id = contact."userId"
    CROSS JOIN LATERAL (SELECT coalesce(bool_or(outcome.type::text = ANY($4::text[])), false) AS "isConverted",
        coalesce(sum(outcome."valueMinor") FILTER (WHERE outcome.type = 'CONVERSION'), 0)::float8 AS "revenueMinor"
      FROM "CampaignOutcome" AS outcome WHERE outcome."shopId" = $1 AND outcome."campaignId" = $2
        AND outcome."userId" = contact."userId" AND outcome."occurredAt" >= contact."contactedAt"
        AND outcome."occurredAt" < contact."contactedAt" + make_interval(days => $5::int)) AS after
    CROSS JOIN LATERAL (SELECT coalesce(sum(event."priceMinor" * coalesce(event.value, 1)), 0)::float8 AS "revenueBeforeMinor"
      FROM "Interaction" AS event WHERE event."shopId" = $1 AND event."userId" = contact."userId" AND event.type = 'PURCHASE'
        AND event."occurredAt" < contact."contactedAt"
        AND event."occurredAt" >= contact."contactedAt" - make_interval(days => $6::int)) AS earlier
    WHERE contact."shopId" = $1 AND contact."campaignId" = $2 AND contact."userId" > $3
      AND person."deactivatedAt" IS NULL AND NOT EXISTS (SELECT FROM "Consent" AS analytics WHERE analytics."shopId" = $1 AND analytics."userId" = contact."userId"
        AND analytics.purpose = 'ANALYTICS' AND NOT analytics.granted)
    ORDER BY contact."userId" LIMIT ${batchLength}`,
};

async function* scan(
  database: Database,
  shopId: ShopId,
  campaignId: CampaignId,
  { outcomeTypes, windowDays, beforeDays }: CampaignUnitRequest,
): AsyncGenerator<readonly CampaignUnit[]> {
  for (let after = ''; ; ) {
    const values = [shopId, campaignId, after, outcomeTypes, windowDays, beforeDays];
    const rows = await database.query<CampaignUnit & { readonly userId: string }>(unitsStatement, values);
    if (rows.length > 0) yield rows.map(({ userId: _, ...unit }) => unit);
    const last = rows.at(-1);
    if (last === undefined || rows.length < batchLength) return;
    after = last.userId;
  }
}

/** Creates the PostgreSQL reader of what the shoppers of campaigns did. */
export const createPrismaCampaignUnits = (database: Database): CampaignUnitStore => ({
  scan: (shopId, campaignId, request) => scan(database, shopId, campaignId, request),
});
