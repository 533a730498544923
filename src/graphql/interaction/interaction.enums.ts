import { byInteractionType, type InteractionType } from '../../domain/interaction';
import { enumOf } from '../enums/enumOf';

export const interactionTypeEnum = enumOf<InteractionType>(
  'InteractionType',
  'Type of an event of a shopper.',
  byInteractionType(({ description }) => description),
);
