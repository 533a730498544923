/** Ids in row order and back. Rows are dense, 0-based, and mean nothing outside the vocabulary. */
export interface Vocabulary {
  readonly size: number;
  /** The id of a row. @throws {RangeError} when the row is not 0 ≤ row < size */
  idOf(row: number): string;
  /** The row of an id, or -1 when the vocabulary has never seen it. */
  rowOf(id: string): number;
}

/** Builds a vocabulary that keeps the order given. @throws {RangeError} on a repeated id */
export function vocabularyOf(ids: readonly string[]): Vocabulary {
  const rows = new Map<string, number>();
  for (const [row, id] of ids.entries()) {
    if (rows.has(id))
      throw new RangeError(`Expected distinct ids; got ${JSON.stringify(id)} twice. Deduplicate first.`);
    rows.set(id, row);
  }
  return {
    size: ids.length,
    idOf(row) {
      const id = ids[row];
      if (id === undefined) throw new RangeError(`Expected a row from 0 to ${ids.length - 1}; got ${row}.`);
      return id;
    },
    rowOf: id => rows.get(id) ?? -1,
  };
}
