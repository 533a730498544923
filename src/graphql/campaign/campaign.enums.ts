import {
  type CampaignChannel,
  type CampaignStatus,
  campaignChannels,
  campaignStatuses,
} from '../../domain/campaign';
import { enumOf, inOrder } from '../enums/enumOf';

export const campaignStatusEnum = enumOf<CampaignStatus>(
  'CampaignStatus',
  'Status of a campaign.',
  inOrder(campaignStatuses, {
    DRAFT: 'In preparation.',
    SCHEDULED: 'Starts automatically at `startsAt`.',
    RUNNING: 'Contacts shoppers now.',
    PAUSED: 'Interrupted; it can continue.',
    COMPLETED: 'Ended; it contacts no more shoppers.',
  }),
);

export const campaignChannelEnum = enumOf<CampaignChannel>(
  'CampaignChannel',
  'Channel over which a campaign contacts shoppers.',
  inOrder(campaignChannels, {
    EMAIL: 'Email message.',
    SMS: 'Text message to a phone.',
    PUSH: "Push notification of the shop's app.",
    ONSITE: 'On the pages of the shop.',
    MAIL: 'Printed letter or leaflet.',
  }),
);
