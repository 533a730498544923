/** Rows of one kind, kept apart by shop: nothing can be read without naming one. */
export class ByShop<Row> {
  private readonly shops = new Map<string, Map<string, Row>>();

  /** The shop's rows by key; an empty map for a shop without any. */
  of(shopId: string): Map<string, Row> {
    let rows = this.shops.get(shopId);
    if (rows === undefined) {
      rows = new Map();
      this.shops.set(shopId, rows);
    }
    return rows;
  }

  /** Every shop's rows. */
  all(): Iterable<Map<string, Row>> {
    return this.shops.values();
  }
}

/** One key out of several parts, such that different parts never give the same key. */
export const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/** The rows of these ids that exist, by id. */
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
