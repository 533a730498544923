import { createFieldSplitter } from './fieldSplitter';
import { isHeader, looksLikeHeader, roleOfWord } from './headerWords';
import type { IdTables } from './idTables';
import { invalidFile } from './invalidFile';
import type { LineSource } from './lineSource';

/** How the lines of a file of pairs are read. */
export type PairsForm =
  /** `user item item …`. A user may have several lines; a line with a user alone has no items. */
  | 'items-by-user'
  /** `user item` per line in time order, or all items of a user on one line (`user item item …`), oldest first. */
  | 'sequences'
  /** `user item item …`, oldest first, also when the first line has a single item. */
  | 'sequence-lines';

/** Pairs as indices into the given tables. */
export interface ReadPairs {
  readonly user: Uint32Array;
  readonly product: Uint32Array;
}

/** Returns a check of next-item lines against the form that the first line shows. */
function createSequenceCheck(
  name: string,
  form: PairsForm,
): (fields: readonly string[], number: number) => void {
  let isPairs = form === 'sequence-lines' ? false : undefined;
  const seen = new Set<string>();
  return (fields, number) => {
    const place = `${name}:${number}`;
    isPairs ??= fields.length === 2;
    if (isPairs && fields.length !== 2)
      throw invalidFile(place, 'two fields (user item)', `${fields.length}`, 'Keep only these two columns.');
    if (isPairs) return;
    if (fields.length < 2)
      throw invalidFile(
        place,
        'a user and items in time order',
        'one field',
        'Add the items or drop the line.',
      );
    if (seen.has(fields[0]))
      throw invalidFile(
        place,
        'each user on one line of its own (user item item …)',
        'a user of an earlier line',
        'If the columns are user, item, rating or the like, keep only user and item.',
      );
    seen.add(fields[0]);
  };
}

/**
 * Returns a function that tells whether a line is the header, which only the first can be.
 *
 * @throws {GatewayError} EVALUATION_INVALID, from the returned function, on a header of other columns
 */
function createHeaderCheck(name: string): (fields: readonly string[]) => boolean {
  let first: readonly string[] | undefined;
  let isChecked = false;
  return fields => {
    if (first === undefined) {
      first = fields;
      if (!isHeader(fields)) return false;
      const [user, ...items] = fields.map(roleOfWord);
      const isRight = (user === 'user' || user === 'basket') && items.every(role => role === 'item');
      if (isRight && items.length > 0) return true;
      throw invalidFile(`${name}:1`, 'a user, then items', `the header ${fields.join(', ')}`, keepTwo);
    }
    if (!isChecked && !isHeader(first) && looksLikeHeader(first, fields))
      throw invalidFile(`${name}:1`, 'ids as in the next lines', 'what looks like a header', 'Remove it.');
    isChecked = true;
    return isHeader(first) && fields.join('\0') === first.join('\0');
  };
}

const keepTwo = 'Keep only the columns of the user and the item, in this order.';

/**
 * Reads pairs delimited by tabs, semicolons, commas or spaces. Blank lines, CRLF and a header are accepted.
 * Streams: keeps only the pairs and the ids.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readPairsFile(
  source: LineSource,
  form: PairsForm,
  tables: IdTables,
): Promise<ReadPairs> {
  const users: number[] = [];
  const products: number[] = [];
  const fieldsOf = createFieldSplitter(source.name);
  const isHeaderLine = createHeaderCheck(source.name);
  const check = form !== 'items-by-user' ? createSequenceCheck(source.name, form) : () => undefined;
  for await (const line of source) {
    const [userId, ...itemIds] = fieldsOf(line);
    if (userId === undefined || isHeaderLine([userId, ...itemIds])) continue;
    check([userId, ...itemIds], line.number);
    const user = tables.users.indexOf(userId);
    for (const itemId of itemIds) {
      users.push(user);
      products.push(tables.products.indexOf(itemId));
    }
  }
  if (users.length === 0)
    throw invalidFile(source.name, 'lines with a user and an item', 'none', 'Use a non-empty file.');
  return { user: Uint32Array.from(users), product: Uint32Array.from(products) };
}
