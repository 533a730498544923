import { type AccessTable, writers } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const batchAccess: AccessTable = {
  UpsertPayload: writers,
  UpsertResult: writers,
};
