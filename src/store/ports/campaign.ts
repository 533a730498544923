import type { Campaign, CampaignContact, CampaignOutcome, Offer } from '../../domain/campaign';
import type { CampaignId, ShopId } from '../../domain/ids';
import type { Page, PageRequest } from './page';

/** Stores campaigns. The demo shop and imports write them; the gateway only reads them. */
export interface CampaignStore {
  upsertMany(campaigns: readonly Campaign[]): Promise<void>;
  upsertOffers(shopId: ShopId, offers: readonly Offer[]): Promise<void>;
  upsertContacts(shopId: ShopId, contacts: readonly CampaignContact[]): Promise<void>;
  insertOutcomes(shopId: ShopId, outcomes: readonly CampaignOutcome[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly CampaignId[]): Promise<ReadonlyMap<CampaignId, Campaign>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<Campaign>>;
  offersOf(
    shopId: ShopId,
    campaignIds: readonly CampaignId[],
  ): Promise<ReadonlyMap<CampaignId, readonly Offer[]>>;
  /** All offers, by id, in batches; for export. */
  scanOffers(shopId: ShopId): AsyncIterable<readonly Offer[]>;
  /** All contacts, by (campaignId, userId), in batches; for export. */
  scanContacts(shopId: ShopId): AsyncIterable<readonly CampaignContact[]>;
  /** All outcomes, by id, in batches; for export. */
  scanOutcomes(shopId: ShopId): AsyncIterable<readonly CampaignOutcome[]>;
  /** Number of contacts per arm of each campaign. */
  contactCountsOf(
    shopId: ShopId,
    campaignIds: readonly CampaignId[],
  ): Promise<ReadonlyMap<CampaignId, { readonly treatment: number; readonly holdout: number }>>;
}
