import { type RecordOrProblem, RecordSplitter } from '../../intake/recordSplitter';
import { delimiterOf } from './delimiter';
import { isHeader, looksLikeHeader, roleOfWord } from './headerWords';
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

const isWhole = (text: string): boolean => /^\d+$/.test(text);

/** Column of every role (-1: none), and whether the first line is a header. */
interface Layout {
  readonly places: readonly number[];
  readonly hasHeader: boolean;
}

function placeNamed(header: readonly string[], wanted: string, place: string): number {
  const names = header.map(name => name.trim().replace(/:\w+$/, ''));
  const alike = names.flatMap((name, at) => (name.toLowerCase() === wanted.toLowerCase() ? [at] : []));
  const same = alike.filter(at => names[at] === wanted);
  const [found, ...others] = same.length > 0 ? same : alike;
  if (found === undefined)
    throw invalidFile(place, `a column named ${wanted}`, header.join(', '), 'Correct --columns.');
  if (others.length > 0)
    throw invalidFile(
      place,
      `one column named ${wanted}`,
      `${others.length + 1} columns of that name`,
      'Rename all but one, or give the number of the column in --columns.',
    );
  return found;
}

function checkRoles({ roles, named }: RecordsRequest, place: string): void {
  for (const role of named.keys()) {
    if (!roles.includes(role))
      throw invalidFile(place, `--columns among ${roles.join(', ')}`, role, 'Correct --columns.');
  }
}

/** Refuses a header whose names contradict the order in which columns are read without --columns. */
function checkOrder(header: readonly string[], roles: readonly string[], place: string): void {
  for (const [at, role] of roles.entries()) {
    if (at >= header.length) return;
    const named = roleOfWord(header[at]);
    const isOther = named !== null && named !== role && roles.includes(named);
    if (header[at].trim() !== '' && !isOther) continue;
    const got = header[at].trim() === '' ? 'a column without a name' : header[at];
    throw invalidFile(place, `the column ${role} at place ${at + 1}`, got, nameThem);
  }
}

/** Refuses a header with two columns for one role, of which only the first would be read. */
function checkOnce(header: readonly string[], roles: readonly string[], place: string): void {
  for (const role of roles) {
    const alike = header.filter(name => roleOfWord(name) === role);
    if (alike.length > 1)
      throw invalidFile(place, `one column that can be the ${role}`, alike.join(', '), nameThem);
  }
}

const nameThem = 'Name them: --columns user=…,item=….';

function layoutOf(first: readonly string[], request: RecordsRequest, file: string): Layout {
  const { roles, requiredRoles, named } = request;
  const place = `${file}:1`;
  checkRoles(request, place);
  const hasHeader = [...named.values()].some(name => !isWhole(name)) || isHeader(first);
  if (hasHeader && named.size === 0) {
    checkOrder(first, roles, place);
    checkOnce(first, roles, place);
  }
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
      nameThem,
    );
  const shared = places.find((at, index) => at >= 0 && places.indexOf(at) !== index);
  if (shared !== undefined)
    throw invalidFile(place, 'a column of its own for each role', `column ${shared + 1} twice`, nameThem);
  return { places, hasHeader };
}

interface NumberedFields {
  readonly number: number;
  readonly fields: readonly string[];
}

/** Splits lines at blanks, which may be repeated. */
function createBlankReader(file: string): (line: Line | null) => readonly NumberedFields[] {
  let columns: number | undefined;
  return line => {
    if (line === null) return [];
    const fields = line.text.trim().split(/ +/);
    columns ??= fields.length;
    if (fields.length === columns) return [{ number: line.number, fields }];
    const remedy = 'Separate columns with commas when they hold blanks.';
    throw invalidFile(`${file}:${line.number}`, `${columns} columns`, `${fields.length}`, remedy);
  };
}

/** Returns a function from lines to records, for a file with this first line. `null` ends the file. */
function createReader(first: string, file: string): (line: Line | null) => readonly NumberedFields[] {
  const delimiter = delimiterOf(first, delimiters) ?? ',';
  if (delimiter === ' ') return createBlankReader(file);
  const quoted = delimiter === ',' || delimiter === ';';
  const splitter = new RecordSplitter({ delimiter, quoted, columns: null });
  const checked = (record: RecordOrProblem): NumberedFields => {
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

/** Whether a record repeats the header, as files that were joined do. */
const isSame = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((field, at) => field === right[at]);

/** The columns of one file, as its first record shows them. */
class Columns {
  readonly #request: RecordsRequest;
  readonly #file: string;
  #layout: Layout | undefined;
  #first: readonly string[] = [];
  #isChecked = false;

  constructor(request: RecordsRequest, file: string) {
    this.#request = request;
    this.#file = file;
  }

  /** Returns the values of a record by role; null for a header. */
  valuesOf(fields: readonly string[]): readonly string[] | null {
    const isFirst = this.#layout === undefined;
    const layout = this.#layout ?? layoutOf(fields, this.#request, this.#file);
    this.#layout = layout;
    if (isFirst) this.#first = fields;
    if (layout.hasHeader && isSame(fields, this.#first)) return null;
    const valuesIn = (record: readonly string[]): readonly string[] =>
      layout.places.map(place => (record[place] ?? '').trim());
    const values = valuesIn(fields);
    if (isFirst || this.#isChecked || layout.hasHeader) return values;
    this.#isChecked = true;
    checkNoHeader(valuesIn(this.#first), values, this.#request, this.#file);
    return values;
  }
}

/**
 * Reads the requested columns of a file with or without a header, delimited by `::`, tabs, semicolons, commas (fields
 * may be quoted as in RFC 4180) or spaces. Blank lines and repeated headers are skipped; values may be ''.
 *
 * @throws {GatewayError} EVALUATION_INVALID with file and line
 */
export async function* recordsOf(source: LineSource, request: RecordsRequest): AsyncGenerator<FileRecord> {
  let read: ReturnType<typeof createReader> | undefined;
  const columns = new Columns(request, source.name);
  function* take(records: readonly NumberedFields[]): Generator<FileRecord> {
    for (const { number, fields } of records) {
      const values = columns.valuesOf(fields);
      if (values !== null) yield { place: `${source.name}:${number}`, values };
    }
  }
  for await (const line of source) {
    if (line.text.trim() === '') continue;
    read ??= createReader(line.text.replace(/\r$/, ''), source.name);
    yield* take(read(line));
  }
  if (read) yield* take(read(null));
}

/** Refuses a first line that is most likely a header with names that are not known. */
function checkNoHeader(
  first: readonly string[],
  second: readonly string[],
  { requiredRoles }: RecordsRequest,
  file: string,
): void {
  if (!looksLikeHeader(first.slice(0, requiredRoles), second.slice(0, requiredRoles))) return;
  throw invalidFile(`${file}:1`, 'values as in the next lines', 'what looks like a header', nameThem);
}
