import type { Problem } from '../../intake/rejections';
import type { UpsertStatus } from './batch.enums';
import { type BatchCheck, checkBatch, countStatus, outcomesOf, refuseRows } from './checkRows';
import type { UpsertPayload } from './upsert.type';

/** An upsert of rows of one kind. */
export interface Upsert<Row> extends BatchCheck<Row> {
  /** Id of each row in the shop's own system, as it was sent. */
  readonly ids: readonly string[];
  /** Name of the id field in the input. */
  readonly idField: string;
  /** Returns why valid rows are not stored, by their positions among the valid ones. All of them are stored when absent. */
  readonly refuse?: (rows: readonly Row[]) => Promise<ReadonlyMap<number, Problem>>;
  readonly keep: (rows: readonly Row[]) => Promise<readonly ('created' | 'updated')[]>;
}

const statusByStoreResult = { created: 'CREATED', updated: 'UPDATED' } as const;

/** Validates the rows, stores those that the error policy allows, and returns the outcome of each. */
export async function upsertRows<Row>(upsert: Upsert<Row>): Promise<UpsertPayload> {
  const { ids, idField, refuse, keep } = upsert;
  const valid = checkBatch(upsert);
  const refusals = valid.rows.length > 0 ? await refuse?.(valid.rows) : undefined;
  const checked = refuseRows(valid, refusals ?? new Map(), upsert);
  const kept = checked.rows.length > 0 ? await keep(checked.rows) : [];
  const statuses = kept.map(result => statusByStoreResult[result]);
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
