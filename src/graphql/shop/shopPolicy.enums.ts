import { type AlreadySeenRule, alreadySeenRules } from '../../domain/shopPolicy';
import { enumOf, inOrder } from '../enums/enumOf';

export const alreadySeenRuleEnum = enumOf<AlreadySeenRule>(
  'AlreadySeenRule',
  "Rule that decides which products are excluded from a shopper's own lists.",
  inOrder(alreadySeenRules, {
    LEARNED:
      'Leaves out products that the shopper returned or disliked, and those that they bought, except in categories in which shoppers buy again. Training learns these categories; the default.',
    KEEP: 'Leaves out none: for shops of repeat purchases, such as grocers.',
    EXCLUDE_PURCHASED: 'Leaves out products that the shopper bought, returned or disliked.',
    EXCLUDE_SEEN: 'Leaves out products for which the shopper has any event, a view included.',
  }),
);
