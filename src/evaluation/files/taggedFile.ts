import { createSnapshotBuilder } from '../../snapshot/builder';
import type { Snapshot } from '../../snapshot/snapshot';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';
import { recordsOf } from './recordsFile';

/** Products to learn tags from, and the categories to compare the tags with. */
export interface TaggedData {
  readonly snapshot: Snapshot;
  /** Category of each product by its row, -1 for none. A shop's own categories are also part of the snapshot. */
  readonly categories: Int32Array;
  readonly categoryNames: readonly string[];
}

/** Which rows of a file are read: all of them, the 1st, 3rd, …, or the 2nd, 4th, …. */
export const rowParts = ['all', 'odd', 'even'] as const;
/** One of {@link rowParts}. */
export type RowPart = (typeof rowParts)[number];

const isOfPart = (part: RowPart, row: number): boolean =>
  part === 'all' || (part === 'odd') === (row % 2 === 0);

/** What to read of a file of texts with categories. */
export interface TaggedFileRequest {
  readonly textColumns: readonly string[];
  readonly categoryColumn: string;
  readonly part: RowPart;
  /** At most this many rows; all when undefined. */
  readonly limit: number | undefined;
}

/**
 * Reads one product per line: its texts, and the category that its tags are compared with.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readTaggedFile(
  source: LineSource,
  { textColumns, categoryColumn, part, limit }: TaggedFileRequest,
): Promise<TaggedData> {
  const named = new Map([
    ['category', categoryColumn],
    ...textColumns.map((column, at): [string, string] => [`text${at}`, column]),
  ]);
  const roles = [...named.keys()];
  const builder = createSnapshotBuilder({ asOf: 0 });
  const names: string[] = [];
  const categories: number[] = [];
  let row = 0;
  for await (const { values } of recordsOf(source, { roles, requiredRoles: roles.length, named })) {
    const [category, ...texts] = values;
    if (!isOfPart(part, row++)) continue;
    const known = names.indexOf(category);
    if (known < 0) names.push(category);
    // Rows of the snapshot are in order of the ids.
    builder.describe(`row-${String(categories.length).padStart(9, '0')}`, {
      titles: [],
      descriptions: texts.filter(text => text !== ''),
      categoryPath: [],
      features: [],
      priceMinor: Number.NaN,
    });
    categories.push(known < 0 ? names.length - 1 : known);
    if (categories.length === limit) break;
  }
  if (categories.length === 0)
    throw invalidFile(source.name, 'rows with a text and a category', 'none', 'Check --text and --category.');
  return { snapshot: await builder.build(), categories: Int32Array.from(categories), categoryNames: names };
}
