/** Lists of products with a share each, concatenated in two arrays. */
export interface ShareLists {
  /** Entries of list q are [offsets[q], offsets[q + 1]). Length lists + 1. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  readonly shares: Float32Array;
}

/** Builds lists incrementally. */
export interface ListBuilder {
  append(rows: Uint32Array, shares: Float32Array): void;
  /** All lists so far. */
  build(): ShareLists;
}

/** Returns a builder whose arrays double when full. */
export function listsBuilder(): ListBuilder {
  const ends: number[] = [0];
  let rows = new Uint32Array(1024);
  let shares = new Float32Array(1024);
  return {
    append(moreRows, moreShares) {
      const start = ends[ends.length - 1];
      const end = start + moreRows.length;
      if (end > rows.length) {
        const [oldRows, oldShares] = [rows, shares];
        rows = new Uint32Array(Math.max(end, 2 * rows.length));
        shares = new Float32Array(rows.length);
        rows.set(oldRows);
        shares.set(oldShares);
      }
      rows.set(moreRows, start);
      shares.set(moreShares, start);
      ends.push(end);
    },
    build() {
      const end = ends[ends.length - 1];
      return { offsets: Uint32Array.from(ends), rows: rows.slice(0, end), shares: shares.slice(0, end) };
    },
  };
}
