import type { Campaign, CampaignContact, CampaignOutcome, Offer } from '../../domain/campaign';
import type { CampaignId } from '../../domain/ids';
import type { CampaignStore } from '../ports/campaign';
import { ByShop, keyOf, pick } from './byShop';
import { compareText, pageOf, scanOf } from './order';

type ArmCounts = { readonly treatment: number; readonly holdout: number };

const countArms = (contacts: readonly CampaignContact[]): ArmCounts => {
  const holdout = contacts.filter(contact => contact.arm === 'HOLDOUT').length;
  return { treatment: contacts.length - holdout, holdout };
};

/** Creates the in-memory store of campaigns. */
export function createMemoryCampaigns(): CampaignStore {
  const campaigns = new ByShop<Campaign>();
  const offers = new ByShop<Offer>();
  const contacts = new ByShop<CampaignContact>();
  const outcomes = new ByShop<CampaignOutcome>();
  return {
    async upsertMany(rows) {
      for (const campaign of rows) {
        const known = campaigns.of(campaign.shopId).get(campaign.id);
        const createdAt = known?.createdAt ?? campaign.createdAt;
        campaigns.of(campaign.shopId).set(campaign.id, { ...campaign, createdAt });
      }
    },
    async upsertOffers(shopId, rows) {
      for (const offer of rows) offers.of(shopId).set(offer.id, offer);
    },
    async upsertContacts(shopId, rows) {
      for (const contact of rows) contacts.of(shopId).set(keyOf(contact.campaignId, contact.userId), contact);
    },
    async insertOutcomes(shopId, rows) {
      for (const outcome of rows) {
        if (!outcomes.of(shopId).has(outcome.id)) outcomes.of(shopId).set(outcome.id, outcome);
      }
    },
    async findMany(shopId, ids) {
      return pick(campaigns.of(shopId), ids);
    },
    async page(shopId, request) {
      const positionOf = (campaign: Campaign) => ({ at: campaign.createdAt, id: campaign.id });
      return pageOf(campaigns.of(shopId).values(), request, positionOf, 1);
    },
    async offersOf(shopId, campaignIds) {
      const found = new Map<CampaignId, Offer[]>();
      const wanted = new Set(campaignIds);
      const sorted = [...offers.of(shopId).values()].sort((left, right) => compareText(left.id, right.id));
      for (const offer of sorted.filter(row => wanted.has(row.campaignId))) {
        found.set(offer.campaignId, [...(found.get(offer.campaignId) ?? []), offer]);
      }
      return found;
    },
    async *scanOffers(shopId) {
      yield* scanOf(offers.of(shopId).values(), ({ id }) => [id]);
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
  };
}
