import {
  type DegradedReason,
  degradedReasons,
  type RecommendationSource,
  recommendationSources,
  type TogetherSource,
  togetherSources,
} from '../../domain/recommendation';
import { enumOf, inOrder } from '../enums/enumOf';

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
