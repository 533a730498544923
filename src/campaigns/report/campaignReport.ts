import type { Campaign, CampaignObjective, Offer, OutcomeType } from '../../domain/campaign';
import type { CampaignUnit, CampaignUnitStore } from '../../store/ports/campaignUnit';
import { type CampaignMeasurement, type CampaignUnits, measureCampaign } from './measureCampaign';

/** Outcomes that count as a conversion, by what a campaign is to bring. */
const outcomesOf: Readonly<Record<CampaignObjective, readonly OutcomeType[]>> = {
  CLICK: ['CLICK'],
  CONVERSION: ['CONVERSION'],
  REVENUE: ['CONVERSION'],
  RETENTION: ['VISIT', 'CONVERSION'],
};

/** Days of purchases before a contact that explain differences between shoppers. */
const beforeDays = 90;
/** Conversions per shopper at which intervals are narrowest, where no plan stated another number. */
const plannedRate = 0.05;
const confidence = 0.95;
/** Fewer shoppers in an arm say nothing, and would say what single shoppers did. */
export const minArmShoppers = 20;

/** What a report reads. */
export interface ReportSources {
  readonly units: CampaignUnitStore;
  /** Days after a contact in which outcomes count. */
  readonly windowDays: number;
}

/** The report of a campaign. */
export interface CampaignReport {
  readonly windowDays: number;
  /** Shoppers with a known arm. */
  readonly treatedShoppers: number;
  readonly heldOutShoppers: number;
  /** Null while an arm has fewer than `minArmShoppers` shoppers. */
  readonly measurement: CampaignMeasurement | null;
}

/** Columns that grow as batches arrive. */
interface Columns {
  readonly isTreated: number[];
  readonly converted: number[];
  readonly revenue: number[];
  readonly before: number[];
  readonly cost: number[];
}

function addUnit(
  columns: Columns,
  unit: CampaignUnit,
  contactMinor: number,
  offerCosts: ReadonlyMap<string, number>,
): void {
  const { isTreated, isConverted, revenueMinor, revenueBeforeMinor, offerId } = unit;
  const redeemed = isConverted && offerId !== null ? (offerCosts.get(offerId) ?? 0) : 0;
  columns.isTreated.push(Number(isTreated));
  columns.converted.push(Number(isConverted));
  columns.revenue.push(revenueMinor);
  columns.before.push(revenueBeforeMinor);
  columns.cost.push(isTreated ? contactMinor + redeemed : 0);
}

const unitsOf = ({ isTreated, converted, revenue, before, cost }: Columns): CampaignUnits => ({
  isTreated: Uint8Array.from(isTreated),
  converted: Uint8Array.from(converted),
  revenueMinor: Float64Array.from(revenue),
  revenueBeforeMinor: Float64Array.from(before),
  costMinor: Float64Array.from(cost),
  // Contacts of imports have no prediction.
  predicted: new Float64Array(isTreated.length).fill(Number.NaN),
});

/**
 * Measures what a campaign brought so far. The cost is that of the contacts over the campaign's first channel, and of the
 * offers that were redeemed. O(shoppers of the campaign) time and memory.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export async function campaignReport(
  { shopId, id, objective, channels, holdoutRate, attributionWindowDays }: Campaign,
  offers: readonly Offer[],
  { units, windowDays: ofShop }: ReportSources,
): Promise<CampaignReport> {
  const windowDays = attributionWindowDays ?? ofShop;
  const contactMinor = channels[0]?.costMinor ?? 0;
  const offerCosts = new Map(offers.map(offer => [offer.id, offer.costMinor ?? 0]));
  const columns: Columns = { isTreated: [], converted: [], revenue: [], before: [], cost: [] };
  const request = { outcomeTypes: outcomesOf[objective], windowDays, beforeDays };
  for await (const batch of units.scan(shopId, id, request))
    for (const unit of batch) addUnit(columns, unit, contactMinor, offerCosts);
  const shoppers = columns.isTreated.length;
  const treatedShoppers = columns.isTreated.reduce((sum, own) => sum + own, 0);
  const heldOutShoppers = shoppers - treatedShoppers;
  const isReadable =
    Math.min(treatedShoppers, heldOutShoppers) >= minArmShoppers && holdoutRate > 0 && holdoutRate < 1;
  const facts = { holdoutRate, confidence, plannedConversions: Math.max(1, plannedRate * shoppers) };
  return {
    windowDays,
    treatedShoppers,
    heldOutShoppers,
    measurement: isReadable ? measureCampaign(unitsOf(columns), facts) : null,
  };
}
