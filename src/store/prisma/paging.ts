import type { Page, PageRequest } from '../ports/page';

/** Start of a keyset page in PostgreSQL's format, and the number of rows to query. */
export interface Bound {
  readonly at: string;
  readonly id: string;
  /** One more than `first`, to detect a next page. */
  readonly limit: number;
  readonly first: number;
}

/** Start of an ascending page without a cursor. */
export const beforeEverything = '-infinity';
/** Start of a descending page without a cursor. */
export const afterEverything = 'infinity';

/** Computes the bound of a request; `start` is {@link beforeEverything} or {@link afterEverything}. */
export function boundOf({ first, after }: PageRequest, start: string): Bound {
  const rest = { limit: first + 1, first };
  if (after === undefined) return { at: start, id: '', ...rest };
  return { at: new Date(after.at).toISOString(), id: after.id, ...rest };
}

/** Builds a page of rows that were queried with `bound.limit`. */
export const cutPage = <Row>(rows: readonly Row[], { first }: { readonly first: number }): Page<Row> => ({
  rows: rows.slice(0, first),
  hasNext: rows.length > first,
});
