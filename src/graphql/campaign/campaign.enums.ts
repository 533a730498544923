import {
  type CampaignChannel,
  type CampaignObjective,
  type CampaignStatus,
  campaignChannels,
  campaignObjectives,
  campaignStatuses,
  type OfferKind,
  offerKinds,
} from '../../domain/campaign';
import { type Weekday, weekdays } from '../../domain/localTime';
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

export const campaignObjectiveEnum = enumOf<CampaignObjective>(
  'CampaignObjective',
  'What a campaign is to bring.',
  inOrder(campaignObjectives, {
    CLICK: 'Clicks after the contact.',
    CONVERSION: 'Shoppers who buy.',
    REVENUE: 'Amount that shoppers spend.',
    RETENTION: 'Shoppers who come back.',
  }),
);

export const offerKindEnum = enumOf<OfferKind>(
  'OfferKind',
  'Kind of an offer.',
  inOrder(offerKinds, {
    PERCENTAGE: 'A share of the price: `discountRate`.',
    FIXED: 'An amount: `discountMinor`.',
    FREE_SHIPPING: 'Delivery without a charge.',
    BUNDLE: 'A share or an amount when several products are bought together.',
    POINTS: 'Points of a loyalty programme: `points`.',
  }),
);

export const weekdayEnum = enumOf<Weekday>(
  'Weekday',
  'Day of the week, by local time.',
  inOrder(weekdays, {
    MONDAY: 'Monday, by local time.',
    TUESDAY: 'Tuesday, by local time.',
    WEDNESDAY: 'Wednesday, by local time.',
    THURSDAY: 'Thursday, by local time.',
    FRIDAY: 'Friday, by local time.',
    SATURDAY: 'Saturday, by local time.',
    SUNDAY: 'Sunday, by local time.',
  }),
);

/** How the audience of a campaign is chosen. */
export type AudienceChoice = 'MODEL' | 'FILTER';
export const audienceChoiceEnum = enumOf<AudienceChoice>(
  'AudienceChoice',
  'How the audience of a campaign is chosen, among the shoppers who may be contacted.',
  {
    MODEL: 'The model chooses whom the campaign moves most.',
    FILTER: 'All who meet a filter.',
  },
);
