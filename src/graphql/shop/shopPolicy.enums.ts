import { type AlreadySeenRule, alreadySeenRules } from '../../domain/shopPolicy';
import { enumOf, inOrder } from '../enums/enumOf';

export const alreadySeenRuleEnum = enumOf<AlreadySeenRule>(
  'AlreadySeenRule',
  "Which products a shopper has dealt with are left out of the shopper's own lists.",
  inOrder(alreadySeenRules, {
    KEEP: 'None: for shops that live on repeat purchases, such as grocers.',
    EXCLUDE_PURCHASED: 'Products that the shopper bought, returned or disliked.',
    EXCLUDE_SEEN: 'Products of which the shopper has any event, a view included.',
  }),
);
