import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const pagingAccess: AccessTable = {
  PageInfo: readers,
};
