import { type SuppressionReason, suppressionReasons } from '../../domain/subscription';
import { enumOf, inOrder } from '../enums/enumOf';

export const suppressionReasonEnum = enumOf<SuppressionReason>(
  'SuppressionReason',
  'Report of a channel after which a shopper is not contacted over it.',
  inOrder(suppressionReasons, {
    BOUNCE: 'The address does not exist, or refuses messages for good.',
    COMPLAINT: 'The shopper reported a message as unwanted.',
  }),
);
