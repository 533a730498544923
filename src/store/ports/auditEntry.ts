import type { AuditEntry } from '../../domain/auditEntry';
import type { ShopId } from '../../domain/ids';
import type { Page, PageRequest } from './page';

/** Reads the record of changes. The stores of the rows that changed write it, in the same commit. */
export interface AuditStore {
  /** Changes of one row, by (occurredAt, id) descending. */
  pageOf(
    shopId: ShopId,
    subject: Pick<AuditEntry, 'subjectKind' | 'subjectId'>,
    request: PageRequest,
  ): Promise<Page<AuditEntry>>;
}
