import { registerEnumType } from 'type-graphql';
import {
  type CampaignChannel,
  type CampaignStatus,
  campaignChannels,
  campaignStatuses,
} from '../domain/campaign';
import { type InteractionType, interactionTypes } from '../domain/interaction';
import { type NextAction, nextActions } from '../domain/prediction';
import {
  type DegradedReason,
  degradedReasons,
  type RecommendationSource,
  recommendationSources,
  type TogetherSource,
  togetherSources,
} from '../domain/recommendation';
import { type Role, roles } from '../domain/role';
import { type ConsentPurpose, consentPurposes } from '../domain/user';
import type { InterestTrend } from '../serving/interestTags/interests';
import type { TrainingStatus } from '../store/ports/training';

/**
 * Registers a GraphQL enum over text values. Takes every value's description, so that none can be forgotten.
 *
 * @returns what `@Field(() => …)` refers to
 */
function enumOf<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): { readonly [Key in Value]: Key } {
  const keys = Object.keys(values) as Value[];
  const type = Object.fromEntries(keys.map(key => [key, key])) as { readonly [Key in Value]: Key };
  const valuesConfig = Object.fromEntries(keys.map(key => [key, { description: values[key] }]));
  registerEnumType(type, { name, description, valuesConfig: valuesConfig as never });
  return type;
}

/** Keeps the order of the domain's list, whatever the order of the descriptions. */
const inOrder = <Value extends string>(
  order: readonly Value[],
  values: Readonly<Record<Value, string>>,
): Readonly<Record<Value, string>> =>
  Object.fromEntries(order.map(key => [key, values[key]])) as Readonly<Record<Value, string>>;

export const interactionTypeEnum = enumOf<InteractionType>(
  'InteractionType',
  'What a shopper did.',
  inOrder(interactionTypes, {
    VIEW: 'Looked at a product.',
    CLICK: 'Clicked a product in a list.',
    SEARCH: 'Searched; `queryText` says for what, and the product may be absent.',
    CART_ADD: 'Put a product into the cart; `value` is the number of units.',
    CART_REMOVE: 'Took a product out of the cart; `value` is the number of units.',
    WISHLIST: 'Kept a product for later.',
    PURCHASE: 'Bought a product; `value` is the number of units.',
    RETURN: 'Gave a product back; `value` is the number of units.',
    RATING: 'Rated a product; `value` is the number of stars.',
    SHARE: 'Shared a product with somebody.',
    DISLIKE: 'Said that the product is not for them.',
  }),
);

export const nextActionEnum = enumOf<NextAction>(
  'NextAction',
  'What a shopper can do next.',
  inOrder(nextActions, {
    VIEW: 'Look at a product.',
    CLICK: 'Click a product in a list.',
    SEARCH: 'Search for something.',
    CART_ADD: 'Put a product into the cart.',
    CART_REMOVE: 'Take a product out of the cart.',
    WISHLIST: 'Keep a product for later.',
    PURCHASE: 'Buy a product.',
    RETURN: 'Give a product back.',
    RATING: 'Rate a product.',
    SHARE: 'Share a product with somebody.',
    DISLIKE: 'Say that a product is not for them.',
    LEAVE: 'End the session: half an hour passes without an event.',
  }),
);

export const degradedReasonEnum = enumOf<DegradedReason>(
  'DegradedReason',
  'Why a list is less than what was asked for.',
  inOrder(degradedReasons, {
    MODEL_NOT_TRAINED: 'No model of the wanted kind is published yet.',
    COLD_START: 'The shopper (or product) has no history the model can use.',
    CONSENT_WITHHELD: 'The shopper withdrew consent to personalisation.',
    FILTERS_TOO_NARROW: 'Fewer products passed the filters than were asked for.',
    HISTORY_UNAVAILABLE: 'The history could not be read in time and was left out.',
  }),
);

export const recommendationSourceEnum = enumOf<RecommendationSource>(
  'RecommendationSource',
  'Where one item of a list came from.',
  inOrder(recommendationSources, {
    MODEL: 'The model named by `strategy`.',
    NEWCOMER:
      'Too new for the model named by `strategy`: chosen for the shopper by what the shop says of it.',
    RULE: "A rule of the shop's own.",
    POPULAR: 'What many buy.',
    FALLBACK: 'Nothing better was known: the newest products that pass the filters.',
  }),
);

export const togetherSourceEnum = enumOf<TogetherSource>(
  'TogetherSource',
  'What counts as having been bought together, the surest first.',
  inOrder(togetherSources, {
    ORDER: 'Bought in one session or invoice.',
    CART: 'Put into the cart or bought in one session.',
    DAY: 'Put into the cart or bought by one shopper on one day (UTC).',
    WEEK: 'Put into the cart or bought by one shopper in one week.',
    SESSION: 'Met with a sign of interest in one session.',
    SHOPPER: 'Chosen by one shopper, whenever.',
  }),
);

export const interestTrendEnum = enumOf<InterestTrend>(
  'InterestTrend',
  'Whether a shopper has turned to something lately, or away from it.',
  {
    RISING: 'More of late than before, and by more than chance.',
    STEADY: 'As before, or too little is known to say.',
    FADING: 'Less of late than before, and by more than chance.',
  },
);

export const roleEnum = enumOf<Role>(
  'Role',
  'Who may call, from the least to the most. Each acts within one shop.',
  inOrder(roles, {
    SHOPPER: 'A shopper, for their own data only.',
    STOREFRONT: "The shop's own server, acting for any shopper it names: reads and tracks.",
    INGEST: 'A feed: writes events, products and users, reads nothing.',
    MERCHANDISER: 'Staff: reads the catalogue, users, lists, campaigns and models, and edits interest tags.',
    ADMIN: 'Staff: everything, API keys and training included.',
  }),
);

export const consentPurposeEnum = enumOf<ConsentPurpose>(
  'ConsentPurpose',
  'What a shopper can agree to.',
  inOrder(consentPurposes, {
    PERSONALIZATION: 'That their own history shapes what they are shown.',
    ANALYTICS: 'That their behaviour is counted.',
    MARKETING: 'That they are addressed by campaigns.',
  }),
);

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

export const trainingStatusEnum = enumOf<TrainingStatus>('TrainingStatus', 'Life of a training run.', {
  QUEUED: 'Waits for a worker.',
  RUNNING: 'A worker trains it.',
  PUBLISHED: 'Trained, passed the gate, and serves.',
  REJECTED: 'Trained, but did not pass the gate; the model before it goes on serving.',
  FAILED: 'Ended by an error; `reason` says which.',
  CANCELLED: 'Was stopped before it ended.',
});

/** What to do with a batch when some rows cannot be kept. */
export type ErrorPolicy = 'IGNORE_FAILED' | 'REJECT_EVERYTHING';
export const errorPolicyEnum = enumOf<ErrorPolicy>(
  'ErrorPolicy',
  'What to do with a batch when some of its rows cannot be kept.',
  {
    IGNORE_FAILED: 'Keep the good rows and report the others.',
    REJECT_EVERYTHING: 'Keep nothing unless every row can be kept.',
  },
);

/** What became of an event. */
export type EventStatus = 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
export const eventStatusEnum = enumOf<EventStatus>('EventStatus', 'What became of one event of a batch.', {
  ACCEPTED: 'Kept for good: the commit is on disk.',
  DUPLICATE: 'An event of this id is already kept; this one changed nothing.',
  REJECTED: 'Not kept; `code`, `message` and `field` say why.',
});

/** What became of a product or user. */
export type UpsertStatus = 'CREATED' | 'UPDATED' | 'REJECTED';
export const upsertStatusEnum = enumOf<UpsertStatus>('UpsertStatus', 'What became of one row of an upsert.', {
  CREATED: 'New in this shop.',
  UPDATED: 'Was there before; the given fields were replaced.',
  REJECTED: 'Not kept; `code`, `message` and `field` say why.',
});

/** Why a mutation did not do what was asked. */
export type UserErrorCode =
  | 'TOO_MANY'
  | 'ROWS_REJECTED'
  | 'INVALID'
  | 'NOT_FOUND'
  | 'UNKNOWN_MODEL'
  | 'USER_REQUIRED';
export const userErrorCodeEnum = enumOf<UserErrorCode>(
  'UserErrorCode',
  'Why a mutation did not do what was asked, for programs.',
  {
    TOO_MANY: 'More rows than one call takes; nothing was kept. Send several calls.',
    ROWS_REJECTED: 'The policy is REJECT_EVERYTHING and some rows were rejected; nothing was kept.',
    INVALID: 'A value is outside what its field documents.',
    NOT_FOUND: 'No such thing in this shop.',
    UNKNOWN_MODEL: 'The gateway knows no model of this name; `modelReadiness` lists those it knows.',
    USER_REQUIRED: 'This credential names no shopper, so the call has to: give `userId`.',
  },
);
