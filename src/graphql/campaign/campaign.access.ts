import { type AccessTable, staff } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const campaignAccess: AccessTable = {
  Query: { campaign: staff, campaigns: staff },
  Campaign: {
    id: staff,
    campaignId: staff,
    name: staff,
    status: staff,
    channel: staff,
    budgetMinor: staff,
    holdoutRate: staff,
    startsAt: staff,
    endsAt: staff,
    createdAt: staff,
    updatedAt: staff,
    offers: staff,
    contactCounts: staff,
  },
  Offer: staff,
  CampaignContactCounts: staff,
  CampaignConnection: staff,
  CampaignEdge: staff,
};
