import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const viewerAccess: AccessTable = {
  Query: { viewer: readers },
  Viewer: { id: readers, role: readers, user: readers, shop: readers, recommendations: readers },
};
