import {
  type Campaign,
  type CampaignContact,
  type CampaignOutcome,
  type CampaignUpsert,
  impliedSettings,
  impliedTerms,
  type Offer,
} from '../../domain/campaign';
import type { CampaignId, ShopId } from '../../domain/ids';
import type { CampaignEdit, CampaignStore, DecideCampaignEdit } from '../ports/campaign';
import { recordChange } from './auditEntries';
import { insertRows, insertStatement, type Table } from './bulk';
import type { Database, Queryable, Statement } from './database';
import { guard } from './failures';
import { beforeEverything, boundOf, cutPage } from './paging';
import { tableScanner } from './scanTable';

const described = {
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
} as const;

const settings = {
  objective: { enum: 'CampaignObjective' },
  channels: 'jsonb',
  frequencyCap: 'jsonb',
  quietHours: 'jsonb',
  sendingWindows: 'jsonb',
  attributionWindowDays: 'int',
  audience: 'jsonb',
} as const;

/** Writes rows of imports: the version of a row that exists grows, so that who edits it notices. */
function importStatement(name: string, columns: Table['columns']): Statement {
  const table = { name: 'Campaign', key: ['shopId', 'id'], columns };
  const { text } = insertStatement(table, 'replace', ['createdAt']);
  return { name, text: `${text}, version = "Campaign".version + 1` };
}

const descriptionImport = importStatement('campaignDescriptions', described);
const campaignImport = importStatement('campaignsImport', { ...described, ...settings });

const campaignEdit: Statement = insertStatement(
  {
    name: 'Campaign',
    key: ['shopId', 'id'],
    columns: { ...described, ...settings, version: 'int' },
  },
  'replace',
  ['createdAt'],
);

const offerTable: Table = {
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
    kind: { enum: 'OfferKind' },
    categories: 'jsonb',
    points: 'int',
  },
};
const offerInsert = insertStatement(offerTable, 'replace');

const takenStatement: Statement = {
  name: 'offersTaken',
  text: 'SELECT id FROM "Offer" WHERE "shopId" = $1 AND "campaignId" <> $2 AND id = ANY($3) LIMIT 1',
};

const offersRemoval: Statement = {
  name: 'offersRemove',
  text: 'DELETE FROM "Offer" WHERE "shopId" = $1 AND "campaignId" = $2 AND NOT id = ANY($3)',
};

/** Held to the end of the transaction. Edits of one shop wait for each other: people make them, and offers' ids are shared. */
const lockStatement: Statement = {
  name: 'campaignsLock',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('campaigns ' || $1, 0))`,
};

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

const columns = `"shopId", id, name, CASE status WHEN 'SCHEDULED' THEN 'PLANNED' ELSE status::text END AS status,
  channel::text AS channel, "budgetMinor", "holdoutRate", "startsAt", "endsAt", "createdAt", "updatedAt",
  objective::text AS objective, "frequencyCap", "quietHours", "sendingWindows", "attributionWindowDays", audience, version,
  coalesce(channels, jsonb_build_array(jsonb_build_object('channel', channel, 'costMinor', 0))) AS channels`;

const findStatement: Statement = {
  name: 'campaignsFind',
  text: `SELECT ${columns} FROM "Campaign" WHERE "shopId" = $1 AND id = ANY($2)`,
};

const currentStatement: Statement = {
  name: 'campaignCurrent',
  text: `SELECT ${columns} FROM "Campaign" WHERE "shopId" = $1 AND id = $2 FOR UPDATE`,
};

const pageStatement: Statement = {
  name: 'campaignsPage',
  text: `SELECT ${columns} FROM "Campaign" WHERE "shopId" = $1 AND ("createdAt", id) > ($2::timestamptz, $3)
    ORDER BY "createdAt", id LIMIT $4`,
};

const offerColumns = `"campaignId", title, "discountRate", "discountMinor", "productIds", "costMinor", categories, points,
  coalesce(kind::text, CASE WHEN "discountRate" IS NULL THEN 'FIXED' ELSE 'PERCENTAGE' END) AS kind`;

const offersStatement: Statement = {
  name: 'offersOf',
  text: `SELECT id, ${offerColumns} FROM "Offer" WHERE "shopId" = $1 AND "campaignId" = ANY($2) ORDER BY id`,
};

const contactTimesStatement: Statement = {
  name: 'campaignContactTimes',
  text: `SELECT "contactedAt" FROM "CampaignContact" WHERE "shopId" = $1 AND "userId" = $2 AND arm = 'TREATMENT'
      AND "contactedAt" BETWEEN to_timestamp($3::float8 / 1000) AND to_timestamp($4::float8 / 1000)
    ORDER BY "contactedAt"`,
};

const scanOffers = tableScanner<Offer>({ table: 'Offer', key: ['id'], columns: offerColumns });

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
  on: Queryable,
  shopId: ShopId,
  campaignIds: readonly CampaignId[],
): Promise<ReadonlyMap<CampaignId, readonly Offer[]>> {
  const found = new Map<CampaignId, Offer[]>();
  for (const offer of await on.query<Offer>(offersStatement, [shopId, campaignIds])) {
    const known = found.get(offer.campaignId);
    if (known === undefined) found.set(offer.campaignId, [offer]);
    else known.push(offer);
  }
  return found;
}

async function writeOffers(
  transaction: Queryable,
  shopId: ShopId,
  campaignId: CampaignId,
  offers: readonly Offer[],
): Promise<void> {
  const ids = offers.map(({ id }) => id);
  await transaction.query(offersRemoval, [shopId, campaignId, ids]);
  const rows = offers.map(offer => ({ ...offer, shopId }));
  await insertRows(transaction, offerInsert, rows, ({ id }) => id);
}

async function editCampaign(
  transaction: Queryable,
  shopId: ShopId,
  id: CampaignId,
  decide: DecideCampaignEdit,
): Promise<CampaignEdit | 'OFFER_TAKEN' | null> {
  await transaction.query(lockStatement, [shopId]);
  const [campaign] = await transaction.query<Campaign>(currentStatement, [shopId, id]);
  const offers = (await offersOf(transaction, shopId, [id])).get(id) ?? [];
  const edit = decide(campaign === undefined ? null : { campaign, offers });
  if (edit === null) return null;
  const offerIds = (edit.offers ?? []).map(offer => offer.id);
  const taken = await transaction.query(takenStatement, [shopId, id, offerIds]);
  if (taken.length > 0) return 'OFFER_TAKEN';
  await insertRows(transaction, campaignEdit, [edit.campaign], row => row.id);
  if (edit.offers !== null) await writeOffers(transaction, shopId, id, edit.offers);
  await recordChange(transaction, edit.audit);
  return edit;
}

async function upsertCampaigns(database: Database, campaigns: readonly CampaignUpsert[]): Promise<void> {
  const key = (campaign: CampaignUpsert) => JSON.stringify([campaign.shopId, campaign.id]);
  const isWhole = (campaign: CampaignUpsert): boolean => campaign.channels !== undefined;
  const whole = campaigns.filter(isWhole).map(campaign => ({ ...impliedSettings(campaign), ...campaign }));
  await insertRows(database, campaignImport, whole, key);
  await insertRows(
    database,
    descriptionImport,
    campaigns.filter(campaign => !isWhole(campaign)),
    key,
  );
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
    upsertMany: campaigns => upsertCampaigns(database, campaigns),
    async upsertOffers(shopId, offers) {
      const rows = offers.map(offer => ({ ...impliedTerms(offer), ...offer, shopId }));
      await insertRows(database, offerInsert, rows, offer => offer.id);
    },
    edit: (shopId, id, decide) =>
      database.transaction(transaction => editCampaign(transaction, shopId, id, decide)),
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
    async contactTimesOf(shopId, userId, { from, to }) {
      const values = [shopId, userId, from, to];
      const rows = await database.query<{ contactedAt: number }>(contactTimesStatement, values);
      return rows.map(({ contactedAt }) => contactedAt);
    },
  };
}
