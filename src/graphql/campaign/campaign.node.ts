import { toCampaignId } from '../../domain/ids';
import { staff } from '../access/access';
import type { NodeSource } from '../node/nodeSource';
import { campaignByIdLoader } from './campaign.loader';
import { toCampaignView } from './campaign.type';

/** Resolves global ids of campaigns. */
export const campaignNode: NodeSource = {
  kind: 'Campaign',
  roles: staff,
  async read(id, { loader }) {
    const campaign = await loader(campaignByIdLoader).load(toCampaignId(id));
    return campaign === null ? null : toCampaignView(campaign);
  },
};
