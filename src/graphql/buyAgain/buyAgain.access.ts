import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const buyAgainAccess: AccessTable = {
  Viewer: { buyAgain: readers },
  User: { buyAgain: readers },
  BuyAgainItem: readers,
  BuyAgainItemConnection: readers,
  BuyAgainItemEdge: readers,
};
