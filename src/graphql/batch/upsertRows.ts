import type { UpsertStatus } from './batch.enums';
import { type BatchCheck, checkBatch, countStatus, outcomesOf } from './checkRows';
import type { UpsertPayload } from './upsert.type';

/** An upsert of one kind of row. */
export interface Upsert<Row> extends BatchCheck<Row> {
  /** The shop's own id of each row, as it came. */
  readonly ids: readonly string[];
  /** Name of the id in the input. */
  readonly idField: string;
  readonly keep: (rows: readonly Row[]) => Promise<readonly ('created' | 'updated')[]>;
}

const wordsOfStore = { created: 'CREATED', updated: 'UPDATED' } as const;

/** Checks the rows, keeps those the policy lets through, and says what became of each. */
export async function upsertRows<Row>(upsert: Upsert<Row>): Promise<UpsertPayload> {
  const { ids, idField, keep } = upsert;
  const checked = checkBatch(upsert);
  const kept = checked.rows.length > 0 ? await keep(checked.rows) : [];
  const statuses = kept.map(word => wordsOfStore[word]);
  const outcomes = outcomesOf<UpsertStatus>(ids.length, checked, statuses, { id: idField });
  const created = countStatus(outcomes, 'CREATED');
  const updated = countStatus(outcomes, 'UPDATED');
  return {
    created,
    updated,
    rejected: ids.length - created - updated,
    results: outcomes.map(outcome => ({ ...outcome, rowId: ids[outcome.index] })),
    userErrors: checked.userErrors,
  };
}
