import type { GraphQLInputObjectType } from 'graphql';
import { createParameterDecorator, Extensions } from 'type-graphql';
import type { Problem } from '../../intake/rejections';

/** Key of the reason in a rejected row. A symbol, so that no row of a client has it. */
const reason = Symbol('reason');

/** Stands in a batch for a row that its input type cannot represent. */
export interface RejectedRow {
  readonly [reason]: Problem;
  /** The id, by the name of its field, for the result of the row. */
  readonly [idField: string]: string;
}

/**
 * Marks the input type of the rows of a batch: when the coercion of a row in variables fails, that row is rejected, and
 * the others are processed.
 *
 * @param idField - name of the row's id in the input type
 */
export const BatchRow = (idField: string): ReturnType<typeof Extensions> =>
  Extensions({ batchRowId: idField });

/** Returns the name of the id when the type was marked by {@link BatchRow}; null for other types. */
export function rowIdFieldOf({ extensions }: GraphQLInputObjectType): string | null {
  const idField = extensions['batchRowId'];
  return typeof idField === 'string' ? idField : null;
}

/** Returns the id of a row as it was sent; empty when there is none, or when it is neither text nor a whole number. */
function idTextOf(row: unknown, idField: string): string {
  if (typeof row !== 'object' || row === null || !Object.hasOwn(row, idField)) return '';
  const id = (row as Readonly<Record<string, unknown>>)[idField];
  if (typeof id === 'string') return id;
  return Number.isSafeInteger(id) ? String(id) : '';
}

/** Creates what stands for a row that is rejected. */
export const rejectRow = (row: unknown, idField: string, problem: Problem): RejectedRow => ({
  [idField]: idTextOf(row, idField),
  [reason]: problem,
});

const isRejected = (row: unknown): row is RejectedRow =>
  typeof row === 'object' && row !== null && reason in row;

/** Why rows of a batch are rejected, by their positions in the call. */
export type RejectedRows = ReadonlyMap<number, Problem>;

/** Returns the rejected ones of the rows of a call. */
function rejectedAmong(rows: readonly unknown[]): RejectedRows {
  const rejected = new Map<number, Problem>();
  for (const [index, row] of rows.entries()) if (isRejected(row)) rejected.set(index, row[reason]);
  return rejected;
}

/**
 * Parameter of a resolver: the {@link RejectedRows} of its argument `input`. type-graphql copies only the fields of rows to
 * the argument itself.
 *
 * @param field - name of the list of rows in the input
 */
export const Rejected = (field: string): ParameterDecorator =>
  createParameterDecorator(({ args }) => rejectedAmong(args['input'][field])) as ParameterDecorator;
