import { type AccessTable, readers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const nodeAccess: AccessTable = {
  Query: { node: readers, nodes: readers },
  Node: readers,
};
