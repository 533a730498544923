import type { OutcomeType } from '../../domain/campaign';
import type { CampaignId, ShopId } from '../../domain/ids';

/** What counts for a shopper of a campaign. */
export interface CampaignUnitRequest {
  /** Outcomes that count as a conversion; not empty. */
  readonly outcomeTypes: readonly OutcomeType[];
  /** Days after the contact, and before it, that count. */
  readonly windowDays: number;
  readonly beforeDays: number;
}

/** A shopper who was contacted or held out. Without an id: nobody reads single shoppers here. */
export interface CampaignUnit {
  readonly isTreated: boolean;
  /** Whether an outcome that counts came within the window after the contact. */
  readonly isConverted: boolean;
  /** Value of the outcomes CONVERSION within the window, in minor units. */
  readonly revenueMinor: number;
  /** What the shopper paid for purchases within the days before the contact, in minor units. */
  readonly revenueBeforeMinor: number;
  /** The offer; null without one. */
  readonly offerId: string | null;
}

/** Reads what the shoppers of a campaign did. Shoppers who withdrew ANALYTICS or were deactivated are left out of both arms. */
export interface CampaignUnitStore {
  /** By the id of the shopper, in batches of at most 5,000. @throws {GatewayError} UNAVAILABLE */
  scan(
    shopId: ShopId,
    campaignId: CampaignId,
    request: CampaignUnitRequest,
  ): AsyncIterable<readonly CampaignUnit[]>;
}
