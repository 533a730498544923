import { type InteractionType, interactionTypes } from '../../domain/interaction';
import { enumOf, inOrder } from '../enums/enumOf';

export const interactionTypeEnum = enumOf<InteractionType>(
  'InteractionType',
  'What a shopper did.',
  inOrder(interactionTypes, {
    VIEW: 'Looked at a product.',
    CLICK: 'Clicked a product in a list.',
    SEARCH: 'Searched; `queryText` says for what, and the product may be absent.',
    CART_ADD: 'Put a product into the cart; `value` is the number of units.',
    CART_REMOVE: 'Took a product out of the cart; `value` is the number of units.',
    WISHLIST: 'Kept a product for later.',
    PURCHASE: 'Bought a product; `value` is the number of units.',
    RETURN: 'Gave a product back; `value` is the number of units.',
    RATING: 'Rated a product; `value` is the number of stars.',
    SHARE: 'Shared a product with somebody.',
    DISLIKE: 'Said that the product is not for them.',
  }),
);
