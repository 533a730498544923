import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const viewerAccess: AccessTable = {
  Query: { viewer: readers },
  Viewer: { role: readers, user: readers, shop: readers, recommendations: readers },
};
