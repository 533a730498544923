import DataLoader from 'dataloader';
import type { Campaign, Offer } from '../../domain/campaign';
import type { CampaignId } from '../../domain/ids';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import type { GraphqlContext } from '../request/context';
import { type Once, once } from '../request/once';

/** Contacts of a campaign per arm. */
export interface ContactCounts {
  readonly treatment: number;
  readonly holdout: number;
}

const noContacts: ContactCounts = { treatment: 0, holdout: 0 };

/** The tree of interest tags, to which conditions of audiences refer. */
export const campaignTagsLoader = ({ services, principal }: GraphqlContext): Once<InterestTree> =>
  once(() => services.interests.tree(principal.shopId));

/** Campaigns by id: one read per tick of the event loop. Null for an unknown id. */
export function campaignByIdLoader({
  services,
  principal,
}: GraphqlContext): DataLoader<CampaignId, Campaign | null> {
  return new DataLoader<CampaignId, Campaign | null>(async ids => {
    const campaigns = await services.stores.campaigns.findMany(principal.shopId, ids);
    return ids.map(id => campaigns.get(id) ?? null);
  });
}

/** Offers by campaign id: one read per tick of the event loop. */
export function offersByCampaignIdLoader({
  services,
  principal,
}: GraphqlContext): DataLoader<CampaignId, readonly Offer[]> {
  return new DataLoader<CampaignId, readonly Offer[]>(async ids => {
    const offers = await services.stores.campaigns.offersOf(principal.shopId, ids);
    return ids.map(id => offers.get(id) ?? []);
  });
}

/** Contact counts by campaign id: one read per tick of the event loop. */
export function contactCountsByCampaignIdLoader({
  services,
  principal,
}: GraphqlContext): DataLoader<CampaignId, ContactCounts> {
  return new DataLoader<CampaignId, ContactCounts>(async ids => {
    const counts = await services.stores.campaigns.contactCountsOf(principal.shopId, ids);
    return ids.map(id => counts.get(id) ?? noContacts);
  });
}
