import type { CheckContext } from '../../intake/event';
import type { Checked, Problem, Rejection } from '../../intake/rejections';
import type { UserError } from '../errors/userError.type';
import type { ErrorPolicy } from './batch.enums';
import type { RejectedRows } from './batchRow';

/** Maximum number of rows per call. */
export const maxBatchRows = 1000;

/** A batch after validation: the rows to store, and their positions in the call. */
export interface CheckedBatch<Row> {
  readonly rows: readonly Row[];
  /** Position in the call of each of `rows`. */
  readonly indices: readonly number[];
  readonly rejections: readonly Rejection[];
  readonly userErrors: readonly UserError[];
}

const refused = (userError: UserError, rejections: readonly Rejection[] = []): CheckedBatch<never> => ({
  rows: [],
  indices: [],
  rejections,
  userErrors: [userError],
});

function tooMany(field: string, count: number): UserError {
  const message = `Expected at most ${maxBatchRows} rows; got ${count}. Nothing was stored: send several calls.`;
  return { field: ['input', field], message, code: 'TOO_MANY' };
}

function rejectedRows(field: string, count: number): UserError {
  const message = `Expected every row to pass, as errorPolicy is REJECT_EVERYTHING; ${count} did not. Nothing was stored: correct the rows that have a code.`;
  return { field: ['input', field], message, code: 'ROWS_REJECTED' };
}

/** A batch and how to validate it. */
export interface BatchCheck<Row> {
  /** Name of the list in the input. */
  readonly field: string;
  readonly raw: readonly unknown[];
  /** Rows that their input type cannot represent. They are not checked. */
  readonly rejected: RejectedRows;
  /** IGNORE_FAILED when absent. */
  readonly errorPolicy: ErrorPolicy | null | undefined;
  readonly check: (raw: unknown, context: CheckContext) => Checked<Row>;
  readonly context: CheckContext;
}

/** Validates every row and applies the caller's error policy. All of the returned `rows` are to be stored. */
export function checkBatch<Row>(batch: BatchCheck<Row>): CheckedBatch<Row> {
  const { field, raw, rejected, errorPolicy, check, context } = batch;
  if (raw.length > maxBatchRows) return refused(tooMany(field, raw.length));
  const rows: Row[] = [];
  const indices: number[] = [];
  const rejections: Rejection[] = [];
  for (const [index, value] of raw.entries()) {
    const problem = rejected.get(index);
    if (problem !== undefined) {
      rejections.push({ index, ...problem });
      continue;
    }
    const checked = check(value, { ...context, index });
    if (checked.ok) {
      rows.push(checked.row);
      indices.push(index);
    } else rejections.push(checked.rejection);
  }
  if (errorPolicy === 'REJECT_EVERYTHING' && rejections.length > 0) {
    return refused(rejectedRows(field, rejections.length), rejections);
  }
  return { rows, indices, rejections, userErrors: [] };
}

/**
 * Rejects further rows of a batch, by their positions among the valid ones, under the caller's error policy.
 *
 * @param refusals - why each of them is not stored
 */
export function refuseRows<Row>(
  checked: CheckedBatch<Row>,
  refusals: ReadonlyMap<number, Problem>,
  { field, errorPolicy }: Pick<BatchCheck<Row>, 'field' | 'errorPolicy'>,
): CheckedBatch<Row> {
  if (refusals.size === 0) return checked;
  const { rows, indices } = checked;
  const refusedRows = Array.from(refusals, ([position, why]) => ({ index: indices[position], ...why }));
  const rejections = [...checked.rejections, ...refusedRows];
  if (errorPolicy === 'REJECT_EVERYTHING') return refused(rejectedRows(field, rejections.length), rejections);
  return {
    rows: rows.filter((_, position) => !refusals.has(position)),
    indices: indices.filter((_, position) => !refusals.has(position)),
    rejections,
    userErrors: [],
  };
}

/** Outcome of one row. */
export interface RowOutcome<Status extends string> {
  readonly index: number;
  readonly status: Status | 'REJECTED';
  readonly code: string | null;
  readonly message: string | null;
  readonly field: string | null;
}

const notStored = {
  status: 'REJECTED',
  code: 'BATCH_REJECTED',
  message: 'This row is valid, but another row of the batch is not, and errorPolicy is REJECT_EVERYTHING.',
  field: null,
} as const;

/**
 * Returns the outcome of every row of the call, in the order of the call. Empty when the call has too many rows.
 *
 * @param count - number of rows of the call
 * @param statuses - status of each of `checked.rows`
 * @param fieldNames - names of input fields by their names in intake, where they differ
 */
export function outcomesOf<Status extends string>(
  count: number,
  checked: CheckedBatch<unknown>,
  statuses: readonly Status[],
  fieldNames: Readonly<Record<string, string>>,
): readonly RowOutcome<Status>[] {
  if (count > maxBatchRows) return [];
  const outcomes: RowOutcome<Status>[] = Array.from({ length: count }, (_, index) => ({
    index,
    ...notStored,
  }));
  for (const [position, index] of checked.indices.entries()) {
    outcomes[index] = { index, status: statuses[position], code: null, message: null, field: null };
  }
  for (const { index, code, message, field } of checked.rejections) {
    const name = Object.hasOwn(fieldNames, field) ? fieldNames[field] : field;
    outcomes[index] = { index, status: 'REJECTED', code, message, field: name };
  }
  return outcomes;
}

/** Returns the number of rows with this status. */
export const countStatus = (outcomes: readonly RowOutcome<string>[], status: string): number =>
  outcomes.reduce((count, outcome) => count + Number(outcome.status === status), 0);
