import { createRng } from '../../src/numeric/rng';
import { snapshotFromPairs } from '../../src/snapshot/fromPairs';
import type { Snapshot } from '../../src/snapshot/snapshot';

/** Users × products of zeros and ones; every user has two products at least. */
export function drawRows(users: number, products: number, seed: number): number[][] {
  const rng = createRng(seed);
  return Array.from({ length: users }, (_, user) => {
    const row = Array.from({ length: products }, () => Number(rng.uniform() < 0.2));
    row[user % products] = 1;
    row[(user + 1) % products] = 1;
    return row;
  });
}

/** Ids in the order of the rows, as a vocabulary sorts them. */
const idOf = (letter: string, row: number): string => `${letter}${`${row}`.padStart(3, '0')}`;

/** A snapshot in which users have viewed what their row has a one for. */
export function snapshotOfRows(rows: readonly (readonly number[])[]): Promise<Snapshot> {
  const pairs = rows.flatMap((row, user) =>
    row.flatMap((value, product) => (value ? [[user, product]] : [])),
  );
  return snapshotFromPairs({
    userIds: rows.map((_, user) => idOf('u', user)),
    productIds: rows[0].map((_, product) => idOf('p', product)),
    user: Uint32Array.from(pairs, ([user]) => user),
    product: Uint32Array.from(pairs, ([, product]) => product),
  });
}
