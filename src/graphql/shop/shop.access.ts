import { type AccessTable, readers, staff } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const shopAccess: AccessTable = {
  Query: { shop: readers },
  Mutation: { shopPolicyUpdate: staff },
  Shop: {
    id: readers,
    shopId: readers,
    name: readers,
    defaultLocale: readers,
    currency: readers,
    interactionRetentionDays: readers,
    listRetentionDays: readers,
    policy: staff,
  },
  ShopPolicy: staff,
  EventWeight: staff,
  AlreadySeenPolicy: staff,
  NewcomersPolicy: staff,
  DiscoveryPolicy: staff,
  RetentionPolicy: staff,
  CampaignPolicy: staff,
  ShopPolicyUpdatePayload: staff,
};
