import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GatewayError } from '../../../domain/errors';
import { createInterner, type Interner } from '../../../snapshot/rawColumns';

/** How the lines of a file are to be read. */
export type PairsForm =
  /** `user item item …`; a user may come again; a user alone has no items. */
  | 'items-by-user'
  /** `user item` a line in time order, or all of a user's items on one line (`user item item …`), oldest first. */
  | 'sequences';

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

/** Delimiters by preference: of these the first that cuts the first line in two is the file's. */
const delimiters: readonly RegExp[] = [/\t/, /;/, /,/, / +/];

function invalid(place: string, expected: string, got: string, remedy: string): GatewayError {
  return new GatewayError('EVALUATION_INVALID', `${place}: Expected ${expected}; got ${got}. ${remedy}`, {
    place,
    expected,
    got,
  });
}

/** True when the file starts with the two magic bytes of gzip (RFC 1952), whatever its name. */
async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(2);
    await file.read(head, 0, 2, 0);
    return head[0] === 0x1f && head[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** The code Node gives its errors, by shape: their class differs between realms. */
const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'an error';

async function openBytes(path: string): Promise<Readable> {
  try {
    const isCompressed = await isGzip(path);
    const bytes = createReadStream(path);
    // pipeline passes a failure of the file on to the reader of the unzipped bytes.
    return isCompressed ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  } catch (cause) {
    throw invalid(path, 'a file that can be read', codeOf(cause), 'Check the path and who may read it.');
  }
}

/** Lines with their numbers, without line ends, as UTF-8. */
async function* linesOf(path: string): AsyncGenerator<{ readonly number: number; readonly text: string }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  let rest = '';
  try {
    for await (const chunk of await openBytes(path)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) yield { number: ++number, text };
    }
    rest += decoder.decode();
    if (rest !== '') yield { number: ++number, text: rest };
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const place = `${path}: after line ${number}`;
    const code = codeOf(cause);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw invalid(place, 'UTF-8', 'other bytes', 'Convert the file to UTF-8.');
    throw invalid(place, 'a whole file', code, 'Copy or compress it again.');
  }
}

/** Pairs that grow. */
interface PairList {
  readonly user: number[];
  readonly product: number[];
}

/** Cuts lines into fields with the delimiter that the first line with two fields shows. */
function createFieldSplitter(path: string): (text: string, number: number) => readonly string[] {
  let delimiter: RegExp | undefined;
  return (text, number) => {
    const line = text.trim();
    if (line === '') return [];
    delimiter ??= delimiters.find(candidate => candidate.test(line));
    if (!delimiter) return [line];
    const fields = line.split(delimiter).map(field => field.trim());
    if (fields.some(field => field === ''))
      throw invalid(`${path}:${number}`, 'no empty field', 'one', 'Remove doubled delimiters.');
    return fields;
  };
}

/** What a next-item file's lines must be, as its first line shows. */
function createSequenceCheck(path: string): (fields: readonly string[], number: number) => void {
  let isPairs: boolean | undefined;
  const seen = new Set<string>();
  return (fields, number) => {
    const place = `${path}:${number}`;
    isPairs ??= fields.length === 2;
    if (isPairs && fields.length !== 2)
      throw invalid(place, 'two fields (user item)', `${fields.length}`, 'Keep only these two columns.');
    if (isPairs) return;
    if (fields.length < 2)
      throw invalid(place, 'a user and items in time order', 'one field', 'Add the items or drop the line.');
    if (seen.has(fields[0]))
      throw invalid(
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
  const check = form === 'sequences' ? createSequenceCheck(path) : () => undefined;
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
    throw invalid(path, 'lines with a user and an item', 'none', 'Give a file that has some.');
  return { user: Uint32Array.from(pairs.user), product: Uint32Array.from(pairs.product) };
}
