/** Where a keyset page starts: strictly after this (instant, id), in the order the method documents. */
export interface PageCursor {
  readonly at: number;
  readonly id: string;
}

/** What to page through. */
export interface PageRequest {
  /** 1-100 for callers from outside; stores accept up to 10,000. */
  readonly first: number;
  readonly after?: PageCursor;
}

/** One page. `hasNext` is exact. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
}
