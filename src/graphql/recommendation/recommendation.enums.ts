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
  'Why a result is less than what was requested.',
  inOrder(degradedReasons, {
    MODEL_NOT_TRAINED: 'No suitable model is published yet.',
    COLD_START: 'The shopper or product has no history that the model can use.',
    CONSENT_WITHHELD: 'The shopper withdrew consent to personalization.',
    FILTERS_TOO_NARROW: 'Fewer products passed the filters than were requested.',
    HISTORY_UNAVAILABLE: 'The history could not be read in time and was not used.',
    USER_DEACTIVATED: 'The shop deactivated the shopper. Nothing personal is made for them.',
  }),
);

export const recommendationSourceEnum = enumOf<RecommendationSource>(
  'RecommendationSource',
  'Origin of one item of a list.',
  inOrder(recommendationSources, {
    MODEL: 'The model named by `strategy`.',
    BUY_AGAIN: 'A product that the shopper bought before: see `lastBoughtAt` and `dueAt`.',
    NEWCOMER:
      'A product too new for the model named by `strategy`, selected for the shopper by its description.',
    RULE: 'A merchandising rule of the shop.',
    POPULAR: 'Popular products.',
    FALLBACK: 'The newest products that pass the filters, because nothing better was available.',
  }),
);

export const togetherSourceEnum = enumOf<TogetherSource>(
  'TogetherSource',
  'Evidence that products are bought together, strongest first.',
  inOrder(togetherSources, {
    ORDER: 'Bought in the same session or on the same invoice.',
    CART: 'Added to the cart or bought in the same session.',
    DAY: 'Added to the cart or bought by the same shopper on the same day (UTC).',
    WEEK: 'Added to the cart or bought by the same shopper in the same week.',
    SESSION: 'Received positive events in the same session.',
    SHOPPER: 'Chosen by the same shopper, at any time.',
  }),
);
