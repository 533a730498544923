import { type RecordOrProblem, RecordSplitter } from '../../intake/recordSplitter';
import { invalidFile } from './invalidFile';
import type { Line, LineSource } from './lineSource';

/** Which columns to read of a file. */
export interface RecordsRequest {
  /** Roles of the columns, in the order that applies when `named` is empty. */
  readonly roles: readonly string[];
  /** The file must have columns for the first `requiredRoles` roles. */
  readonly requiredRoles: number;
  /** Role → header or column number (1 is the first), as `--columns` gives it. */
  readonly named: ReadonlyMap<string, string>;
}

/** One record: the value of each role, in the order of the roles; '' where the file has no such column. */
export interface FileRecord {
  /** File and line, for messages. */
  readonly place: string;
  readonly values: readonly string[];
}

/** In order of preference. The first one that splits the first line applies to the whole file. */
const delimiters = ['::', '\t', ';', ',', ' '] as const;
const headerWord =
  /^(user|customer|visitor|shopper|item|product|article|basket|order|invoice|session)[ _]?(id|no|number|index)?(:\w+)?$/i;

const isWhole = (text: string): boolean => /^\d+$/.test(text);

/** Column of every role (-1: none), and whether the first line is a header. */
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

function layoutOf(
  first: readonly string[],
  { roles, requiredRoles, named }: RecordsRequest,
  file: string,
): Layout {
  const place = `${file}:1`;
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
  const missing = places.findIndex((at, index) => index < requiredRoles && (at < 0 || at >= first.length));
  if (missing >= 0)
    throw invalidFile(
      place,
      `columns ${roles.slice(0, requiredRoles).join(', ')}`,
      `${first.length} columns${named.size > 0 ? ` and no ${roles[missing]} in --columns` : ''}`,
      'Name them: --columns user=…,item=….',
    );
  return { places, hasHeader: byName || headerWord.test(first[0]) };
}

/** Returns a function from lines to records, for a file with this first line. `null` ends the file. */
function createReader(
  first: string,
  file: string,
): (line: Line | null) => readonly { readonly number: number; readonly fields: readonly string[] }[] {
  const delimiter = delimiters.find(candidate => first.trim().includes(candidate)) ?? ',';
  // Spaces may be repeated.
  if (delimiter === ' ')
    return line => (line ? [{ number: line.number, fields: line.text.trim().split(/ +/) }] : []);
  const columns = first.split(delimiter).length;
  const quoted = delimiter === ',' || delimiter === ';';
  const dialect = { delimiter, quoted, columns };
  const splitter = new RecordSplitter(dialect);
  const checked = (record: RecordOrProblem): { number: number; fields: readonly string[] } => {
    if (record.problem) {
      const { code, message } = record.problem;
      throw invalidFile(`${file}:${record.line.number}`, 'a record', code, message);
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
 * Reads the requested columns of a file with or without a header, delimited by `::`, tabs, semicolons, commas (fields
 * may be quoted as in RFC 4180) or spaces. Blank lines are skipped; values may be ''.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function* recordsOf(source: LineSource, request: RecordsRequest): AsyncGenerator<FileRecord> {
  let read: ReturnType<typeof createReader> | undefined;
  let layout: Layout | undefined;
  function* take(records: ReturnType<ReturnType<typeof createReader>>): Generator<FileRecord> {
    for (const { number, fields } of records) {
      const isFirst = layout === undefined;
      layout ??= layoutOf(fields, request, source.name);
      if (isFirst && layout.hasHeader) continue;
      const values = layout.places.map(place => (fields[place] ?? '').trim());
      yield { place: `${source.name}:${number}`, values };
    }
  }
  for await (const line of source) {
    if (line.text.trim() === '') continue;
    read ??= createReader(line.text.replace(/\r$/, ''), source.name);
    yield* take(read(line));
  }
  if (read) yield* take(read(null));
}
