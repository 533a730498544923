import { type NextAction, nextActions } from '../../domain/prediction';
import { enumOf, inOrder } from '../enums/enumOf';

export const nextActionEnum = enumOf<NextAction>(
  'NextAction',
  'What a shopper can do next.',
  inOrder(nextActions, {
    VIEW: 'Look at a product.',
    CLICK: 'Click a product in a list.',
    SEARCH: 'Search for something.',
    CART_ADD: 'Put a product into the cart.',
    CART_REMOVE: 'Take a product out of the cart.',
    WISHLIST: 'Keep a product for later.',
    PURCHASE: 'Buy a product.',
    RETURN: 'Give a product back.',
    RATING: 'Rate a product.',
    SHARE: 'Share a product with somebody.',
    DISLIKE: 'Say that a product is not for them.',
    LEAVE: 'End the session: half an hour passes without an event.',
  }),
);
