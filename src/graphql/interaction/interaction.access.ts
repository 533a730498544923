import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const interactionAccess: AccessTable = {
  Interaction: {
    eventId: readers,
    type: readers,
    productId: readers,
    product: readers,
    value: readers,
    priceMinor: readers,
    queryText: readers,
    sessionId: readers,
    occurredAt: readers,
    receivedAt: readers,
    attribution: readers,
  },
  Attribution: readers,
  InteractionConnection: readers,
  InteractionEdge: readers,
};
