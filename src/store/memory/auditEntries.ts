import type { AuditEntry } from '../../domain/auditEntry';
import type { AuditStore } from '../ports/auditEntry';
import { ByShop } from './byShop';
import { pageOf } from './order';

/** The in-memory record of changes, and how the stores of other rows write it. */
export interface MemoryAudit {
  readonly store: AuditStore;
  record(entry: AuditEntry): void;
}

/** Creates the in-memory record of changes. */
export function createMemoryAudit(): MemoryAudit {
  const entries = new ByShop<AuditEntry>();
  return {
    store: {
      async pageOf(shopId, { subjectKind, subjectId }, request) {
        const ofSubject = [...entries.of(shopId).values()].filter(
          entry => entry.subjectKind === subjectKind && entry.subjectId === subjectId,
        );
        return pageOf(ofSubject, request, ({ occurredAt, id }) => ({ at: occurredAt, id }), -1);
      },
    },
    record(entry) {
      entries.of(entry.shopId).set(entry.id, entry);
    },
  };
}
