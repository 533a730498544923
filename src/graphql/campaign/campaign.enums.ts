import {
  type CampaignChannel,
  type CampaignStatus,
  campaignChannels,
  campaignStatuses,
} from '../../domain/campaign';
import { enumOf, inOrder } from '../enums/enumOf';

export const campaignStatusEnum = enumOf<CampaignStatus>(
  'CampaignStatus',
  'Life of a campaign.',
  inOrder(campaignStatuses, {
    DRAFT: 'Being written.',
    SCHEDULED: 'Will start by itself.',
    RUNNING: 'Addresses shoppers now.',
    PAUSED: 'Stopped for a while.',
    COMPLETED: 'Over; it addresses nobody any more.',
  }),
);

export const campaignChannelEnum = enumOf<CampaignChannel>(
  'CampaignChannel',
  'How a campaign reaches a shopper.',
  inOrder(campaignChannels, {
    EMAIL: 'Electronic mail.',
    SMS: 'Text message.',
    PUSH: "Notification of the shop's app.",
    ONSITE: 'On the pages of the shop.',
    MAIL: 'Letter or leaflet on paper.',
  }),
);
