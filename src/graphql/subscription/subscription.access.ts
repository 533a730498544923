import { type AccessTable, readers, shopperSide, writers } from '../access/access';

const servers = ['STOREFRONT', 'ADMIN'] as const;

/** Roles that may select the fields of this folder's types. */
export const subscriptionAccess: AccessTable = {
  Mutation: { subscriptionUpdate: shopperSide, suppressionUpdate: writers },
  User: { subscriptions: readers },
  Subscription: {
    channel: readers,
    isSubscribed: readers,
    isContactable: readers,
    source: readers,
    suppression: readers,
    suppressedAt: readers,
    unsubscribePath: servers,
  },
  SubscriptionUpdatePayload: { subscriptions: shopperSide, userErrors: shopperSide },
  SuppressionUpdatePayload: { suppressed: writers, userErrors: writers },
};
