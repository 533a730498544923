import { type AccessTable, staff } from '../access/access';

/** Roles that may select the fields of this folder's types. */
export const auditAccess: AccessTable = {
  AuditEntry: staff,
  AuditEntryConnection: staff,
  AuditEntryEdge: staff,
};
