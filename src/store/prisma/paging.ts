import type { Page, PageRequest } from '../ports/page';

/** Where a keyset page begins, as PostgreSQL compares it, and how many rows to ask for. */
export interface Bound {
  readonly at: string;
  readonly id: string;
  /** One more than wanted, to tell whether there is a next page. */
  readonly limit: number;
  readonly first: number;
}

/** Start of an ascending page without a cursor. */
export const beforeEverything = '-infinity';
/** Start of a descending page without a cursor. */
export const afterEverything = 'infinity';

/** The bound of a request; `start` is {@link beforeEverything} or {@link afterEverything}. */
export function boundOf({ first, after }: PageRequest, start: string): Bound {
  const rest = { limit: first + 1, first };
  if (after === undefined) return { at: start, id: '', ...rest };
  return { at: new Date(after.at).toISOString(), id: after.id, ...rest };
}

/** The page out of rows that were asked for with `bound.limit`. */
export const cutPage = <Row>(rows: readonly Row[], { first }: { readonly first: number }): Page<Row> => ({
  rows: rows.slice(0, first),
  hasNext: rows.length > first,
});
