import DataLoader from 'dataloader';
import type { Campaign, Offer } from '../../domain/campaign';
import type { CampaignId } from '../../domain/ids';
import type { LoaderScope } from '../loaderScope';

/** Contacts per arm. */
export interface ContactCounts {
  readonly treatment: number;
  readonly holdout: number;
}

const nobody: ContactCounts = { treatment: 0, holdout: 0 };

/** Campaigns of the request, one read for all of a turn. */
export function campaignByIdLoader({
  services,
  shopId,
}: LoaderScope): DataLoader<CampaignId, Campaign | null> {
  return new DataLoader<CampaignId, Campaign | null>(async ids => {
    const campaigns = await services.stores.campaigns.findMany(shopId, ids);
    return ids.map(id => campaigns.get(id) ?? null);
  });
}

/** Offers of the request's campaigns, one read for all of a turn. */
export function offersByCampaignIdLoader({
  services,
  shopId,
}: LoaderScope): DataLoader<CampaignId, readonly Offer[]> {
  return new DataLoader<CampaignId, readonly Offer[]>(async ids => {
    const offers = await services.stores.campaigns.offersOf(shopId, ids);
    return ids.map(id => offers.get(id) ?? []);
  });
}

/** Contacts per arm of the request's campaigns, one read for all of a turn. */
export function contactCountsByCampaignIdLoader({
  services,
  shopId,
}: LoaderScope): DataLoader<CampaignId, ContactCounts> {
  return new DataLoader<CampaignId, ContactCounts>(async ids => {
    const counts = await services.stores.campaigns.contactCountsOf(shopId, ids);
    return ids.map(id => counts.get(id) ?? nobody);
  });
}
