/** Maps rows to ids and back. Rows are dense, 0-based, and valid only within the vocabulary. */
export interface Vocabulary {
  readonly size: number;
  /** Returns the id of a row. @throws {RangeError} when the row is not 0 ≤ row < size */
  idOf(row: number): string;
  /** Returns the row of an id, or -1 for an unknown id. */
  rowOf(id: string): number;
}

/** Returns a vocabulary with the ids in the given order. @throws {RangeError} on a repeated id */
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
