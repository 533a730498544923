/** Start of a keyset page: strictly after this (instant, id), in the order that the method documents. */
export interface PageCursor {
  readonly at: number;
  readonly id: string;
}

/** Request for one page. */
export interface PageRequest {
  /** Maximum number of rows. Stores accept 1 to 10,000; the API accepts 1 to 100. */
  readonly first: number;
  readonly after?: PageCursor;
}

/** One page. `hasNext` is exact. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
}
