import { createInterner, type Interner } from '../../../snapshot/rawColumns';
import { createFieldSplitter, invalidFile, linesOf } from './lines';

/** How the lines of a file are to be read. */
export type PairsForm =
  /** `user item item …`; a user may come again; a user alone has no items. */
  | 'items-by-user'
  /** `user item` a line in time order, or all of a user's items on one line (`user item item …`), oldest first. */
  | 'sequences'
  /** `user item item …`, oldest first, also where the first line has one item only. */
  | 'sequence-lines';

/** Pairs as indices into the tables that were given. */
export interface ReadPairs {
  readonly user: Uint32Array;
  readonly product: Uint32Array;
}

/** Ids in order of first sight, shared by the files of one task. */
export interface IdTables {
  readonly users: Interner;
  readonly products: Interner;
}

/** Fresh tables. */
export const createIdTables = (): IdTables => ({ users: createInterner(), products: createInterner() });

/** Pairs that grow. */
interface PairList {
  readonly user: number[];
  readonly product: number[];
}

/** What a next-item file's lines must be, as its first line shows. */
function createSequenceCheck(
  path: string,
  form: PairsForm,
): (fields: readonly string[], number: number) => void {
  let isPairs = form === 'sequence-lines' ? false : undefined;
  const seen = new Set<string>();
  return (fields, number) => {
    const place = `${path}:${number}`;
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
        'a user met before',
        'If the columns are user, item, rating or the like, keep only user and item.',
      );
    seen.add(fields[0]);
  };
}

/**
 * Reads a file of pairs: plain or gzip, delimited by tabs, semicolons, commas or blanks, blank lines and CRLF tolerated.
 * Streams; keeps the pairs and the ids only.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function readPairsFile(path: string, form: PairsForm, tables: IdTables): Promise<ReadPairs> {
  const pairs: PairList = { user: [], product: [] };
  const fieldsOf = createFieldSplitter(path);
  const check = form !== 'items-by-user' ? createSequenceCheck(path, form) : () => undefined;
  for await (const { number, text } of linesOf(path)) {
    const [userId, ...itemIds] = fieldsOf(text, number);
    if (userId === undefined) continue;
    check([userId, ...itemIds], number);
    const user = tables.users.indexOf(userId);
    for (const itemId of itemIds) {
      pairs.user.push(user);
      pairs.product.push(tables.products.indexOf(itemId));
    }
  }
  if (pairs.user.length === 0)
    throw invalidFile(path, 'lines with a user and an item', 'none', 'Give a file that has some.');
  return { user: Uint32Array.from(pairs.user), product: Uint32Array.from(pairs.product) };
}
