import type { GraphqlModule } from '../module/graphqlModule';
import { campaignAccess } from './campaign.access';
import { campaignNode } from './campaign.node';
import { CampaignResolver, OfferResolver } from './campaign.resolver';
import { CampaignAudienceResolver } from './campaignAudience.resolver';
import { CampaignEditResolver } from './campaignEdit.resolver';
import { CampaignReportResolver } from './campaignReport.resolver';

export const campaignModule: GraphqlModule = {
  access: campaignAccess,
  resolvers: [
    CampaignResolver,
    OfferResolver,
    CampaignAudienceResolver,
    CampaignEditResolver,
    CampaignReportResolver,
  ],
  nodes: [campaignNode],
};
