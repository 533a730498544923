import type { InputProblem } from '../../domain/audience';
import type { Campaign } from '../../domain/campaign';
import type { ShopId, UserId } from '../../domain/ids';
import type { AudienceRequest, AudienceStore, EligibleShopper } from '../../store/ports/audience';
import { type FilterSources, resolvedFilter } from './resolvedFilter';

/** What of a campaign decides whom it may address. */
export type AudienceOfCampaign = Pick<Campaign, 'audience' | 'channels'>;

/** The request of a campaign to the store of audiences, or why its audience is unknown. */
export type CampaignAudience =
  | { readonly request: AudienceRequest; readonly problem: null }
  | { readonly request: null; readonly problem: InputProblem };

/** Returns the request of a campaign. Where the model chooses, everybody who may be contacted is asked for. */
export function campaignAudience(
  { audience, channels }: AudienceOfCampaign,
  sources: FilterSources,
  now: number,
): CampaignAudience {
  const names = channels.map(({ channel }) => channel);
  if (audience.by === 'MODEL') return { request: { filter: null, channels: names, now }, problem: null };
  const { filter, problem } = resolvedFilter(audience.filter, sources);
  return filter === null
    ? { request: null, problem }
    : { request: { filter, channels: names, now }, problem: null };
}

/** Number of shoppers on whom {@link audienceSize} tries a filter. */
const audienceSampleLimit = 20_000;

/** Estimate of the number of shoppers whom a campaign may address. */
export interface AudienceSize {
  readonly count: number;
  /** Bounds of its 95 % interval (Wilson 1927); both `count` where the filter was tried on everybody. */
  readonly low: number;
  readonly high: number;
  /** Number of shoppers who may be contacted over one of the channels, whether or not they match. */
  readonly contactable: number;
}

const quantile = 1.959964;

/**
 * Estimates the size of an audience from a sample of at most `limit` shoppers who may be contacted and allow ANALYTICS.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export async function audienceSize(
  store: AudienceStore,
  shopId: ShopId,
  request: AudienceRequest,
  limit = audienceSampleLimit,
): Promise<AudienceSize> {
  const { contactable, sampled, matched } = await store.count(shopId, request, limit);
  const share = sampled === 0 ? 0 : matched / sampled;
  const count = Math.round(share * contactable);
  if (sampled === contactable) return { count, low: count, high: count, contactable };
  // Wilson's interval of a share: centre ± half, with z² = quantile².
  const z2 = quantile ** 2;
  const n = Math.max(sampled, 1);
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (quantile * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return {
    count,
    low: Math.max(matched, Math.floor((centre - half) * contactable)),
    high: Math.min(contactable, Math.ceil((centre + half) * contactable)),
    contactable,
  };
}

/**
 * Yields the shoppers whom a campaign may address, by id: active, in its audience, with consent for MARKETING over a channel of
 * it, and not suppressed there. The only way to select shoppers for a campaign.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export const eligibleShoppers = (
  store: AudienceStore,
  shopId: ShopId,
  request: AudienceRequest,
): AsyncIterable<readonly EligibleShopper[]> => store.scan(shopId, request);

/** As {@link eligibleShoppers}, for one shopper; null when the campaign may not address them. */
export const eligibleShopper = (
  store: AudienceStore,
  shopId: ShopId,
  userId: UserId,
  request: AudienceRequest,
): Promise<EligibleShopper | null> => store.find(shopId, userId, request);
