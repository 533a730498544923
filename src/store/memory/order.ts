import type { Page, PageRequest } from '../ports/page';

/** Maps UTF-16 code units so that they sort like code points: surrogates after U+E000-U+FFFF. */
const rankOfUnit = (unit: number) => {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
};

/** Compares texts by code point, as PostgreSQL's "C" collation does for UTF-8; < 0 when `left` sorts first. */
export function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rankOfUnit(a) - rankOfUnit(b);
  }
  return left.length - right.length;
}

/** Yields rows in the order of their key, if there are any: the batches of a scan. */
export function* scanOf<Row>(
  rows: Iterable<Row>,
  keyOf: (row: Row) => readonly string[],
): Generator<readonly Row[]> {
  const keyed = [...rows].map(row => ({ row, key: keyOf(row) }));
  const compare = (left: readonly string[], right: readonly string[]): number =>
    left.reduce((order, part, at) => order || compareText(part, right[at]), 0);
  keyed.sort((left, right) => compare(left.key, right.key));
  if (keyed.length > 0) yield keyed.map(({ row }) => row);
}

/** Sort position of a row in a page. */
export interface Position {
  readonly at: number;
  readonly id: string;
}

/** Compares positions by (instant, id) ascending. */
export const comparePositions = (left: Position, right: Position): number =>
  left.at - right.at || compareText(left.id, right.id);

/**
 * Returns one keyset page of rows in any order.
 *
 * @param positionOf - the (instant, id) that the page is ordered by
 * @param direction - 1 ascending, -1 descending
 */
export function pageOf<Row>(
  rows: Iterable<Row>,
  { first, after }: PageRequest,
  positionOf: (row: Row) => Position,
  direction: 1 | -1,
): Page<Row> {
  const compare = (left: Position, right: Position) => direction * comparePositions(left, right);
  const rest = [...rows].filter(row => after === undefined || compare(positionOf(row), after) > 0);
  rest.sort((left, right) => compare(positionOf(left), positionOf(right)));
  return { rows: rest.slice(0, first), hasNext: rest.length > first };
}
