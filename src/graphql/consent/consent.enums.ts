import { type ConsentPurpose, consentPurposes } from '../../domain/user';
import { enumOf, inOrder } from '../enums/enumOf';

export const consentPurposeEnum = enumOf<ConsentPurpose>(
  'ConsentPurpose',
  'What a shopper can agree to.',
  inOrder(consentPurposes, {
    PERSONALIZATION: 'That their own history shapes what they are shown.',
    ANALYTICS: 'That their behaviour is counted.',
    MARKETING: 'That they are addressed by campaigns.',
  }),
);
