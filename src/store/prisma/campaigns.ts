import type { Campaign, CampaignContact, CampaignOutcome, Offer } from '../../domain/campaign';
import type { CampaignId, ShopId } from '../../domain/ids';
import type { CampaignStore } from '../ports/campaign';
import { insertRows, insertStatement } from './bulk';
import type { Database, Statement } from './database';
import { guard } from './failures';
import { beforeEverything, boundOf, cutPage } from './paging';
import { tableScanner } from './scanTable';

const campaignInsert = insertStatement(
  {
    name: 'Campaign',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      name: 'text',
      status: { enum: 'CampaignStatus' },
      channel: { enum: 'CampaignChannel' },
      budgetMinor: 'int',
      holdoutRate: 'float8',
      startsAt: 'instant',
      endsAt: 'instant',
      createdAt: 'instant',
      updatedAt: 'instant',
    },
  },
  'replace',
  ['createdAt'],
);

const offerInsert = insertStatement(
  {
    name: 'Offer',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      campaignId: 'text',
      title: 'text',
      discountRate: 'float8',
      discountMinor: 'int',
      productIds: 'text[]',
      costMinor: 'int',
    },
  },
  'replace',
);

const contactInsert = insertStatement(
  {
    name: 'CampaignContact',
    key: ['shopId', 'campaignId', 'userId'],
    columns: {
      shopId: 'text',
      campaignId: 'text',
      userId: 'text',
      offerId: 'text',
      arm: { enum: 'CampaignArm' },
      propensity: 'float8',
      contactedAt: 'instant',
    },
  },
  'replace',
);

const outcomeInsert = insertStatement(
  {
    name: 'CampaignOutcome',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      campaignId: 'text',
      userId: 'text',
      type: { enum: 'OutcomeType' },
      valueMinor: 'int',
      occurredAt: 'instant',
    },
  },
  'keep',
);

const columns = `"shopId", id, name, status::text AS status, channel::text AS channel, "budgetMinor", "holdoutRate",
  "startsAt", "endsAt", "createdAt", "updatedAt"`;

const findStatement: Statement = {
  name: 'campaignsFind',
  text: `SELECT ${columns} FROM "Campaign" WHERE "shopId" = $1 AND id = ANY($2)`,
};

const pageStatement: Statement = {
  name: 'campaignsPage',
  text: `SELECT ${columns} FROM "Campaign" WHERE "shopId" = $1 AND ("createdAt", id) > ($2::timestamptz, $3)
    ORDER BY "createdAt", id LIMIT $4`,
};

const scanOffers = tableScanner<Offer>({
  table: 'Offer',
  key: ['id'],
  columns: '"campaignId", title, "discountRate", "discountMinor", "productIds", "costMinor"',
});

const scanContacts = tableScanner<CampaignContact>({
  table: 'CampaignContact',
  key: ['campaignId', 'userId'],
  columns: '"offerId", arm::text AS arm, propensity, "contactedAt"',
});

const scanOutcomes = tableScanner<CampaignOutcome>({
  table: 'CampaignOutcome',
  key: ['id'],
  columns: '"campaignId", "userId", type::text AS type, "valueMinor", "occurredAt"',
});

const firstOfEach = (outcomes: readonly CampaignOutcome[]) =>
  [...new Map([...outcomes].reverse().map(outcome => [outcome.id, outcome])).values()].reverse();

async function offersOf(
  { prisma }: Database,
  shopId: ShopId,
  campaignIds: readonly CampaignId[],
): Promise<ReadonlyMap<CampaignId, readonly Offer[]>> {
  const where = { shopId, campaignId: { in: [...campaignIds] } };
  const rows = await guard(prisma.offer.findMany({ where, orderBy: { id: 'asc' } }));
  const found = new Map<CampaignId, Offer[]>();
  for (const { shopId: _, ...row } of rows) {
    const offer = row as unknown as Offer;
    found.set(offer.campaignId, [...(found.get(offer.campaignId) ?? []), offer]);
  }
  return found;
}

async function contactCountsOf({ prisma }: Database, shopId: ShopId, campaignIds: readonly CampaignId[]) {
  const where = { shopId, campaignId: { in: [...campaignIds] } };
  const rows = await guard(
    prisma.campaignContact.groupBy({ by: ['campaignId', 'arm'], where, _count: { _all: true } }),
  );
  const found = new Map<CampaignId, { treatment: number; holdout: number }>();
  for (const { campaignId, arm, _count } of rows) {
    const counts = found.get(campaignId as CampaignId) ?? { treatment: 0, holdout: 0 };
    counts[arm === 'HOLDOUT' ? 'holdout' : 'treatment'] = _count._all;
    found.set(campaignId as CampaignId, counts);
  }
  return found;
}

/** Creates the PostgreSQL store of campaigns. */
export function createPrismaCampaigns(database: Database): CampaignStore {
  const contactKey = (contact: CampaignContact) => JSON.stringify([contact.campaignId, contact.userId]);
  return {
    async upsertMany(campaigns) {
      const key = (campaign: Campaign) => JSON.stringify([campaign.shopId, campaign.id]);
      await insertRows(database, campaignInsert, campaigns, key);
    },
    async upsertOffers(shopId, offers) {
      const rows = offers.map(offer => ({ ...offer, shopId }));
      await insertRows(database, offerInsert, rows, offer => offer.id);
    },
    async upsertContacts(shopId, contacts) {
      const rows = contacts.map(contact => ({ ...contact, shopId }));
      await insertRows(database, contactInsert, rows, contactKey);
    },
    async insertOutcomes(shopId, outcomes) {
      const rows = firstOfEach(outcomes).map(outcome => ({ ...outcome, shopId }));
      await insertRows(database, outcomeInsert, rows, outcome => outcome.id);
    },
    async findMany(shopId, ids) {
      const rows = await database.query<Campaign>(findStatement, [shopId, ids]);
      return new Map(rows.map(campaign => [campaign.id, campaign]));
    },
    async page(shopId, request) {
      const bound = boundOf(request, beforeEverything);
      const values = [shopId, bound.at, bound.id, bound.limit];
      return cutPage(await database.query<Campaign>(pageStatement, values), bound);
    },
    scanOffers: shopId => scanOffers(database, shopId),
    scanContacts: shopId => scanContacts(database, shopId),
    scanOutcomes: shopId => scanOutcomes(database, shopId),
    offersOf: (shopId, campaignIds) => offersOf(database, shopId, campaignIds),
    contactCountsOf: (shopId, campaignIds) => contactCountsOf(database, shopId, campaignIds),
  };
}
