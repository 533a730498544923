import type { ByShop } from './byShop';

/** Removes expired rows and returns their number. */
export function removeExpiredOf<Row extends { readonly id: string; readonly expiresAt: number }>(
  shops: ByShop<Row>,
  now: number,
): number {
  let removed = 0;
  for (const rows of shops.all()) {
    const expired = [...rows.values()].filter(row => row.expiresAt <= now);
    for (const row of expired) rows.delete(row.id);
    removed += expired.length;
  }
  return removed;
}
