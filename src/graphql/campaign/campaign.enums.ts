import {
  type CampaignChannel,
  type CampaignStatus,
  campaignChannels,
  campaignStatuses,
} from '../../domain/campaign';
import { enumOf, inOrder } from '../enums/enumOf';

export const campaignStatusEnum = enumOf<CampaignStatus | 'SCHEDULED'>(
  'CampaignStatus',
  'Status of a campaign. It becomes PLANNED, RUNNING and COMPLETED in this order, PAUSED and RUNNING again in between, and CANCELLED from any but COMPLETED.',
  inOrder([...campaignStatuses, 'SCHEDULED'], {
    DRAFT: 'In preparation.',
    PLANNED: 'It has a plan, and waits to be launched.',
    RUNNING: 'Contacts shoppers now.',
    PAUSED: 'Interrupted; it can continue.',
    COMPLETED: 'Ended; it contacts no more shoppers.',
    CANCELLED: 'Given up; it contacts no more shoppers.',
    SCHEDULED: 'Given before PLANNED was; no campaign has it any more.',
  }),
  { SCHEDULED: 'Campaigns that had it are PLANNED.' },
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
