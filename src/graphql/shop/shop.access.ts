import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const shopAccess: AccessTable = {
  Query: { shop: readers },
  Shop: {
    id: readers,
    shopId: readers,
    name: readers,
    defaultLocale: readers,
    currency: readers,
    interactionRetentionDays: readers,
    listRetentionDays: readers,
  },
};
