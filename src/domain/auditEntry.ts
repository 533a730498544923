import type { ShopId } from './ids';
import type { Role } from './role';

/** Kind of a row whose changes are recorded. */
type AuditSubject = 'CAMPAIGN';

/** Fields of a row as JSON. Never personal data: no ids of shoppers, and nothing that a shopper wrote. */
export type AuditFields = Readonly<Record<string, unknown>>;

/** One change: who, when, what, and the fields that changed. Written in the transaction of the change, and never changed. */
export interface AuditEntry {
  readonly shopId: ShopId;
  /** A UUID of version 7. */
  readonly id: string;
  /** Credential that made the change. */
  readonly credentialId: string;
  readonly role: Role;
  /** Name of the operation: `campaignPause`. */
  readonly action: string;
  readonly subjectKind: AuditSubject;
  readonly subjectId: string;
  /** The fields that changed, as they were; null where the row is new. */
  readonly before: AuditFields | null;
  readonly after: AuditFields;
  readonly occurredAt: number;
}

/** Returns the fields of two states of a row that differ, as they were and as they are. Compares as JSON. */
export function changedFields(
  before: AuditFields | null,
  after: AuditFields,
): Pick<AuditEntry, 'before' | 'after'> {
  if (before === null) return { before, after };
  const changed = Object.keys(after).filter(
    name => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const pick = (fields: AuditFields): AuditFields =>
    Object.fromEntries(changed.map(name => [name, fields[name] ?? null]));
  return { before: pick(before), after: pick(after) };
}
