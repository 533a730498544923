import type { AuditEntry } from '../../domain/auditEntry';
import type {
  Campaign,
  CampaignContact,
  CampaignOutcome,
  CampaignUpsert,
  CampaignWithOffers,
  Offer,
  OfferUpsert,
} from '../../domain/campaign';
import type { CampaignId, ShopId, UserId } from '../../domain/ids';
import type { Page, PageRequest } from './page';

/** What an edit writes, all in one commit. */
export interface CampaignEdit {
  readonly campaign: Campaign;
  /** All offers of the campaign afterwards; null leaves them as they are. */
  readonly offers: readonly Offer[] | null;
  /** Record of the change. */
  readonly audit: AuditEntry;
}

/** Decides what to write, given the campaign as it is (null: there is none); null writes nothing. It may be called again. */
export type DecideCampaignEdit = (current: CampaignWithOffers | null) => CampaignEdit | null;

/** Stores campaigns. */
export interface CampaignStore {
  /** Writes rows of imports and of the demo shop. The version of an existing row grows by 1. */
  upsertMany(campaigns: readonly CampaignUpsert[]): Promise<void>;
  upsertOffers(shopId: ShopId, offers: readonly OfferUpsert[]): Promise<void>;
  upsertContacts(shopId: ShopId, contacts: readonly CampaignContact[]): Promise<void>;
  insertOutcomes(shopId: ShopId, outcomes: readonly CampaignOutcome[]): Promise<void>;
  /**
   * Changes or creates a campaign. Other edits of the same campaign wait, so that `decide` sees what the last one wrote.
   * Everything is written or nothing.
   *
   * @returns what was written; null when nothing was to be written; OFFER_TAKEN when an offer's id belongs to another
   * campaign, so that nothing was written
   * @throws {GatewayError} UNAVAILABLE
   */
  edit(
    shopId: ShopId,
    id: CampaignId,
    decide: DecideCampaignEdit,
  ): Promise<CampaignEdit | 'OFFER_TAKEN' | null>;
  findMany(shopId: ShopId, ids: readonly CampaignId[]): Promise<ReadonlyMap<CampaignId, Campaign>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest): Promise<Page<Campaign>>;
  /** By id. */
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
  /** Instants of the contacts of a shopper in [from, to], of every campaign, without those of hold-outs; ascending. */
  contactTimesOf(
    shopId: ShopId,
    userId: UserId,
    between: { readonly from: number; readonly to: number },
  ): Promise<readonly number[]>;
}
