import { type AccessTable, everyone } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const errorsAccess: AccessTable = {
  UserError: everyone,
};
