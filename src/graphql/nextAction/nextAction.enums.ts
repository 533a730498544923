import { byInteractionType } from '../../domain/interaction';
import type { NextAction } from '../../domain/prediction';
import { enumOf } from '../enums/enumOf';

export const nextActionEnum = enumOf<NextAction>('NextAction', 'Next action of a shopper.', {
  ...byInteractionType(({ nextAction }) => nextAction),
  LEAVE: 'End the session: no event for 30 minutes.',
});
