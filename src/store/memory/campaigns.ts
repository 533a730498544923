import type { AuditEntry } from '../../domain/auditEntry';
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
import type { CampaignEdit, CampaignStore } from '../ports/campaign';
import { ByShop, keyOf } from './byShop';
import { compareText, pageOf, scanOf } from './order';

type ArmCounts = { readonly treatment: number; readonly holdout: number };

/** A row as it was written: imports know only a part of the settings. */
type StoredCampaign = CampaignUpsert & { readonly version: number };

const countArms = (contacts: readonly CampaignContact[]): ArmCounts => {
  const holdout = contacts.filter(contact => contact.arm === 'HOLDOUT').length;
  return { treatment: contacts.length - holdout, holdout };
};

const completed = (row: StoredCampaign): Campaign => ({
  ...impliedSettings(row),
  ...row,
  status: row.status === 'SCHEDULED' ? 'PLANNED' : row.status,
});

const offersIn = (offers: ReadonlyMap<string, Offer>, id: CampaignId): readonly Offer[] =>
  [...offers.values()]
    .filter(({ campaignId }) => campaignId === id)
    .sort((left, right) => compareText(left.id, right.id));

/** Writes an edit unless an id of its offers belongs to another campaign. */
function writeEdit(
  { campaign, offers }: CampaignEdit,
  campaigns: Map<string, StoredCampaign>,
  known: Map<string, Offer>,
): boolean {
  const isTaken = ({ id }: Offer): boolean => (known.get(id)?.campaignId ?? campaign.id) !== campaign.id;
  if (offers?.some(isTaken)) return false;
  campaigns.set(campaign.id, campaign);
  if (offers === null) return true;
  for (const { id } of offersIn(known, campaign.id)) known.delete(id);
  for (const offer of offers) known.set(offer.id, offer);
  return true;
}

/** What happened to shoppers. */
type ContactMethods = Pick<
  CampaignStore,
  'upsertContacts' | 'insertOutcomes' | 'scanContacts' | 'scanOutcomes' | 'contactCountsOf' | 'contactTimesOf'
>;

/** Creates the methods on contacts and outcomes. */
function createMemoryContacts(): ContactMethods {
  const contacts = new ByShop<CampaignContact>();
  const outcomes = new ByShop<CampaignOutcome>();
  return {
    async upsertContacts(shopId, rows) {
      for (const contact of rows) contacts.of(shopId).set(keyOf(contact.campaignId, contact.userId), contact);
    },
    async insertOutcomes(shopId, rows) {
      for (const outcome of rows) {
        if (!outcomes.of(shopId).has(outcome.id)) outcomes.of(shopId).set(outcome.id, outcome);
      }
    },
    async *scanContacts(shopId) {
      yield* scanOf(contacts.of(shopId).values(), ({ campaignId, userId }) => [campaignId, userId]);
    },
    async *scanOutcomes(shopId) {
      yield* scanOf(outcomes.of(shopId).values(), ({ id }) => [id]);
    },
    async contactCountsOf(shopId, campaignIds) {
      const all = [...contacts.of(shopId).values()];
      const found = new Map<CampaignId, ArmCounts>();
      for (const id of campaignIds) {
        const ofCampaign = all.filter(contact => contact.campaignId === id);
        if (ofCampaign.length > 0) found.set(id, countArms(ofCampaign));
      }
      return found;
    },
    async contactTimesOf(shopId, userId, { from, to }) {
      return [...contacts.of(shopId).values()]
        .filter(contact => contact.userId === userId && contact.arm === 'TREATMENT')
        .map(({ contactedAt }) => contactedAt)
        .filter(at => at >= from && at <= to)
        .sort((left, right) => left - right);
    },
  };
}

/** Creates the in-memory store of campaigns. @param record - stores the record of a change */
export function createMemoryCampaigns(record: (entry: AuditEntry) => void): CampaignStore {
  const campaigns = new ByShop<StoredCampaign>();
  const offers = new ByShop<Offer>();

  const completedAmong = (shopId: ShopId, ids: readonly CampaignId[]): ReadonlyMap<CampaignId, Campaign> =>
    new Map(
      ids.flatMap(id => {
        const row = campaigns.of(shopId).get(id);
        return row === undefined ? [] : [[id, completed(row)] as const];
      }),
    );

  return {
    ...createMemoryContacts(),
    async upsertMany(rows) {
      for (const campaign of rows) {
        const known = campaigns.of(campaign.shopId).get(campaign.id);
        const createdAt = known?.createdAt ?? campaign.createdAt;
        const version = (known?.version ?? 0) + 1;
        campaigns.of(campaign.shopId).set(campaign.id, { ...known, ...campaign, createdAt, version });
      }
    },
    async upsertOffers(shopId, rows) {
      for (const offer of rows) offers.of(shopId).set(offer.id, { ...impliedTerms(offer), ...offer });
    },
    async edit(shopId, id, decide) {
      const row = campaigns.of(shopId).get(id);
      const current =
        row === undefined ? null : { campaign: completed(row), offers: offersIn(offers.of(shopId), id) };
      const edit = decide(current);
      if (edit === null) return null;
      if (!writeEdit(edit, campaigns.of(shopId), offers.of(shopId))) return 'OFFER_TAKEN';
      record(edit.audit);
      return edit;
    },
    async findMany(shopId, ids) {
      return completedAmong(shopId, ids);
    },
    async page(shopId, request) {
      const positionOf = (campaign: Campaign) => ({ at: campaign.createdAt, id: campaign.id });
      const rows = [...campaigns.of(shopId).values()].map(completed);
      return pageOf(rows, request, positionOf, 1);
    },
    async offersOf(shopId, campaignIds) {
      const found = campaignIds.map(id => [id, offersIn(offers.of(shopId), id)] as const);
      return new Map(found.filter(([, ofCampaign]) => ofCampaign.length > 0));
    },
    async *scanOffers(shopId) {
      yield* scanOf(offers.of(shopId).values(), ({ id }) => [id]);
    },
  };
}
