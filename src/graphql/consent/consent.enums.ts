import { type ConsentPurpose, consentPurposes } from '../../domain/user';
import { enumOf, inOrder } from '../enums/enumOf';

export const consentPurposeEnum = enumOf<ConsentPurpose>(
  'ConsentPurpose',
  'Purpose for which a shopper can give consent.',
  inOrder(consentPurposes, {
    PERSONALIZATION: "Use of the shopper's history to personalize what they see.",
    ANALYTICS:
      "Use of the shopper's behaviour in analytics: trainings, audience sizes and model quality. A withdrawal takes effect at the next training.",
    MARKETING:
      'Contact by marketing campaigns. It must be granted, or a channel subscribed; a withdrawal ends all channels.',
  }),
);
