import { type AccessTable, readers, shopperSide } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const consentAccess: AccessTable = {
  Mutation: { consentUpdate: shopperSide },
  Consent: { purpose: readers, granted: readers, source: readers, updatedAt: readers },
  ConsentUpdatePayload: { consents: shopperSide, userErrors: shopperSide },
};
