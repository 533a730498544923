/** Rows of one kind, partitioned by shop: every read names a shop. */
export class ByShop<Row> {
  private readonly shops = new Map<string, Map<string, Row>>();

  /** Returns the shop's rows by key; an empty map for a shop without rows. */
  of(shopId: string): Map<string, Row> {
    let rows = this.shops.get(shopId);
    if (rows === undefined) {
      rows = new Map();
      this.shops.set(shopId, rows);
    }
    return rows;
  }

  /** Returns the rows of every shop. */
  all(): Iterable<Map<string, Row>> {
    return this.shops.values();
  }
}

/** Builds a key from several parts; different parts never give the same key. */
export const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/** Returns the existing rows among these ids, by id. */
export function pick<Id extends string, Row>(
  rows: ReadonlyMap<string, Row>,
  ids: readonly Id[],
): ReadonlyMap<Id, Row> {
  const found = new Map<Id, Row>();
  for (const id of ids) {
    const row = rows.get(id);
    if (row !== undefined) found.set(id, row);
  }
  return found;
}
