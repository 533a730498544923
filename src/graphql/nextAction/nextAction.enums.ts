import { byInteractionType } from '../../domain/interaction';
import type { NextAction } from '../../domain/prediction';
import { enumOf } from '../enums/enumOf';

export const nextActionEnum = enumOf<NextAction>('NextAction', 'What a shopper can do next.', {
  ...byInteractionType(({ nextAction }) => nextAction),
  LEAVE: 'End the session: half an hour passes without an event.',
});
