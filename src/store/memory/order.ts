import type { Page, PageRequest } from '../ports/page';

/** Shifts UTF-16 code units so that comparing them compares code points: surrogates stand above U+E000-U+FFFF. */
const rankOfUnit = (unit: number) => {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
};

/** Compares two texts by code point, as PostgreSQL's "C" collation does over UTF-8; < 0 when `left` comes first. */
export function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rankOfUnit(a) - rankOfUnit(b);
  }
  return left.length - right.length;
}

/** Where a row stands in a page's order. */
export interface Position {
  readonly at: number;
  readonly id: string;
}

/** Compares positions by (instant, id) ascending. */
export const comparePositions = (left: Position, right: Position): number =>
  left.at - right.at || compareText(left.id, right.id);

/**
 * Cuts one keyset page out of rows in any order.
 *
 * @param positionOf - the (instant, id) the page is ordered by
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
