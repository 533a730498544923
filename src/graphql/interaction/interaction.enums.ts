import { byInteractionType, type InteractionType } from '../../domain/interaction';
import { enumOf } from '../enums/enumOf';

export const interactionTypeEnum = enumOf<InteractionType>(
  'InteractionType',
  'What a shopper did.',
  byInteractionType(({ description }) => description),
);
