import type { AuditEntry } from '../../domain/auditEntry';
import type { AuditStore } from '../ports/auditEntry';
import { insertRows, insertStatement } from './bulk';
import type { Database, Queryable, Statement } from './database';
import { afterEverything, boundOf, cutPage } from './paging';

const auditInsert = insertStatement(
  {
    name: 'AuditEntry',
    key: ['shopId', 'id'],
    columns: {
      shopId: 'text',
      id: 'text',
      credentialId: 'text',
      role: { enum: 'Role' },
      action: 'text',
      subjectKind: { enum: 'AuditSubject' },
      subjectId: 'text',
      before: 'jsonb',
      after: 'jsonb',
      occurredAt: 'instant',
    },
  },
  'keep',
);

const pageStatement: Statement = {
  name: 'auditPage',
  text: `SELECT "shopId", id, "credentialId", role::text AS role, action, "subjectKind"::text AS "subjectKind", "subjectId",
      before, after, "occurredAt"
    FROM "AuditEntry" WHERE "shopId" = $1 AND "subjectKind" = $2::"AuditSubject" AND "subjectId" = $3
      AND ("occurredAt", id) < ($4::timestamptz, $5) ORDER BY "occurredAt" DESC, id DESC LIMIT $6`,
};

/** Writes the record of a change within the transaction of the change. */
export const recordChange = (transaction: Queryable, entry: AuditEntry): Promise<void> =>
  insertRows(transaction, auditInsert, [entry], ({ id }) => id);

/** Creates the PostgreSQL record of changes. */
export function createPrismaAudit(database: Database): AuditStore {
  return {
    async pageOf(shopId, { subjectKind, subjectId }, request) {
      const bound = boundOf(request, afterEverything);
      const values = [shopId, subjectKind, subjectId, bound.at, bound.id, bound.limit];
      return cutPage(await database.query<AuditEntry>(pageStatement, values), bound);
    },
  };
}
