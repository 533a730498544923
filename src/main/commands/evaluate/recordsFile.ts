import { type RecordOrProblem, RecordSplitter } from '../../../intake/recordSplitter';
import { invalidFile, type Line, linesOf } from './lines';

/** What is wanted of a file of columns. */
export interface RecordsRequest {
  /** What the columns are, in the order in which they stand where nobody names them. */
  readonly roles: readonly string[];
  /** How many of the roles, from the first, the file must have. */
  readonly needed: number;
  /** Role → header or number (1 is the first), as `--columns` says. */
  readonly named: ReadonlyMap<string, string>;
}

/** One record: the value of each role, in their order; '' where the file has no such column. */
export interface FileRecord {
  /** File and line, for messages. */
  readonly place: string;
  readonly values: readonly string[];
}

/** By preference: the first that cuts the first line in two is the file's. */
const delimiters = ['::', '\t', ';', ',', ' '] as const;
const headerWord =
  /^(user|customer|visitor|shopper|item|product|article|basket|order|invoice|session)[ _]?(id|no|number|index)?(:\w+)?$/i;

const isWhole = (text: string): boolean => /^\d+$/.test(text);

/** The place of every role among the columns, and whether the first line is a header. */
interface Layout {
  readonly places: readonly number[];
  readonly hasHeader: boolean;
}

function placeNamed(header: readonly string[], wanted: string, place: string): number {
  const names = header.map(name => name.toLowerCase().replace(/:\w+$/, ''));
  const found = names.indexOf(wanted.toLowerCase());
  if (found >= 0) return found;
  throw invalidFile(place, `a column named ${wanted}`, header.join(', '), 'Correct --columns.');
}

function layoutOf(first: readonly string[], { roles, needed, named }: RecordsRequest, path: string): Layout {
  const place = `${path}:1`;
  for (const role of named.keys()) {
    if (!roles.includes(role))
      throw invalidFile(place, `--columns among ${roles.join(', ')}`, role, 'Correct --columns.');
  }
  const byName = [...named.values()].some(name => !isWhole(name));
  const places = roles.map((role, index) => {
    const name = named.get(role);
    if (name === undefined) return named.size > 0 ? -1 : index < first.length ? index : -1;
    return isWhole(name) ? Number(name) - 1 : placeNamed(first, name, place);
  });
  const lacking = places.findIndex((at, index) => index < needed && (at < 0 || at >= first.length));
  if (lacking >= 0)
    throw invalidFile(
      place,
      `columns ${roles.slice(0, needed).join(', ')}`,
      `${first.length} columns${named.size > 0 ? ` and no ${roles[lacking]} in --columns` : ''}`,
      'Name them: --columns user=…,item=….',
    );
  return { places, hasHeader: byName || headerWord.test(first[0]) };
}

/** Opens records of a file whose first line is known. */
function createReader(
  first: string,
  path: string,
): (line: Line | null) => readonly { readonly number: number; readonly fields: readonly string[] }[] {
  const delimiter = delimiters.find(candidate => first.trim().includes(candidate)) ?? ',';
  // Blanks may come doubled.
  if (delimiter === ' ')
    return line => (line ? [{ number: line.number, fields: line.text.trim().split(/ +/) }] : []);
  const columns = first.split(delimiter).length;
  const quoted = delimiter === ',' || delimiter === ';';
  const dialect = { delimiter, quoted, columns };
  const splitter = new RecordSplitter(dialect);
  const checked = (record: RecordOrProblem): { number: number; fields: readonly string[] } => {
    if (record.problem) {
      const { code, message } = record.problem;
      throw invalidFile(`${path}:${record.line.number}`, 'a record', code, message);
    }
    return { number: record.line.number, fields: record.fields };
  };
  return line =>
    (line
      ? splitter.push({ number: line.number, text: line.text.replace(/\r$/, ''), fault: null })
      : splitter.end()
    ).map(checked);
}

/**
 * Reads the named columns of a file: plain or gzip, with or without a header, delimited by `::`, tabs, semicolons,
 * commas (fields may be quoted as in RFC 4180) or blanks. Blank lines are passed over; values may be ''.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function* recordsOf(path: string, request: RecordsRequest): AsyncGenerator<FileRecord> {
  let read: ReturnType<typeof createReader> | undefined;
  let layout: Layout | undefined;
  function* take(records: ReturnType<ReturnType<typeof createReader>>): Generator<FileRecord> {
    for (const { number, fields } of records) {
      const isFirst = layout === undefined;
      layout ??= layoutOf(fields, request, path);
      if (isFirst && layout.hasHeader) continue;
      const values = layout.places.map(place => (fields[place] ?? '').trim());
      const place = `${path}:${number}`;
      yield { place, values };
    }
  }
  for await (const line of linesOf(path)) {
    if (line.text.trim() === '') continue;
    read ??= createReader(line.text.replace(/\r$/, ''), path);
    yield* take(read(line));
  }
  if (read) yield* take(read(null));
}
