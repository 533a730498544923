import type { Line } from './lineSplitter';
import { type Problem, problem } from './rejections';

/** How the columns of a file are separated. */
export interface Dialect {
  /** One or more characters. */
  readonly delimiter: string;
  /** Whether fields may be quoted as in RFC 4180 (`"a ""b"""`), also across several lines. */
  readonly quoted: boolean;
  /** Number of columns of every record; null: as many as the first record has. */
  readonly columns: number | null;
}

/** One record, or why its line is not one. */
export type RecordOrProblem =
  | { readonly line: Line; readonly fields: readonly string[]; readonly problem: null }
  | { readonly line: Line; readonly fields: null; readonly problem: Problem };

/** Most lines that a quoted record may span after its first. */
export const maxQuotedLines = 64;
/** Most characters of a record that spans several lines. */
const maxRecordLength = 1_048_576;

/**
 * Joins lines into records. A quote has its meaning only at the beginning of a field; inside an unquoted field it is an
 * ordinary character. A record is unreadable when its quote never closes, text follows a closing quote, or it spans several
 * lines and has the wrong number of columns. Then only its first line is rejected, and reading continues at the next line.
 */
export class RecordSplitter {
  readonly #dialect: Dialect;
  #columns: number | null;
  /** Lines of a record whose quote is not closed yet. */
  readonly #waiting: Line[] = [];

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#columns = dialect.columns;
  }

  /** Returns the records that this line completes, in order. */
  push(line: Line): readonly RecordOrProblem[] {
    const { delimiter, quoted } = this.#dialect;
    if (this.#waiting.length === 0 && !(quoted && line.text.includes('"'))) {
      return [this.#record(line, line.text.split(delimiter))];
    }
    this.#waiting.push(line);
    return this.#drain(false);
  }

  /** Returns the records that remain at the end of the file. */
  end(): readonly RecordOrProblem[] {
    return this.#drain(true);
  }

  #drain(isEnd: boolean): readonly RecordOrProblem[] {
    const records: RecordOrProblem[] = [];
    while (this.#waiting.length > 0) {
      const next = this.#first(isEnd);
      if (next === null) break;
      records.push(next.record);
      this.#waiting.splice(0, next.lines);
    }
    return records;
  }

  /** Returns the record that begins at the first pending line and how many lines it spans; null when it needs more lines. */
  #first(isEnd: boolean): { readonly record: RecordOrProblem; readonly lines: number } | null {
    const [line] = this.#waiting;
    if (line.fault) return { record: this.#record(line, []), lines: 1 };
    const { fields, lines, state } = parseQuoted(this.#waiting, this.#dialect.delimiter);
    if (state === 'open' && !isEnd && this.#mayGrow()) return null;
    if (state !== 'complete') return { record: unbalanced(line, state), lines: 1 };
    const record = this.#record(line, fields);
    return { record, lines: record.problem ? 1 : lines };
  }

  #mayGrow(): boolean {
    const length = this.#waiting.reduce((sum, line) => sum + line.text.length, 0);
    return this.#waiting.length <= maxQuotedLines && length <= maxRecordLength;
  }

  #record(line: Line, fields: readonly string[]): RecordOrProblem {
    const fault = faultOf(line);
    if (fault) return failed(line, fault);
    if (this.#columns === null && line.text.trim() !== '') this.#columns = fields.length;
    const columns = this.#columns;
    if (fields.length === columns) return { line, fields, problem: null };
    if (line.text.trim() === '') return failed(line, emptyLine);
    const remedy = 'Check the delimiter and the quotes of this line.';
    return failed(line, problem('COLUMN_COUNT', '', `${columns} columns`, `${fields.length}`, remedy));
  }
}

/**
 * Reads the record at the beginning of a file (a header) by the rules of all records. Returns its fields and the number of
 * its lines; null when its quotes are wrong or a line is not text.
 */
export function firstRecord(
  lines: readonly Line[],
  { delimiter, quoted }: Pick<Dialect, 'delimiter' | 'quoted'>,
): { readonly fields: readonly string[]; readonly lines: number } | null {
  const first = lines.at(0);
  if (first === undefined || first.fault) return null;
  if (!quoted) return { fields: first.text.split(delimiter), lines: 1 };
  const { fields, lines: count, state } = parseQuoted(lines, delimiter);
  return state === 'complete' ? { fields, lines: count } : null;
}

const emptyLine = problem('LINE_EMPTY', '', 'a record', 'a blank line', 'Nothing to do.');

function failed(line: Line, found: Problem): RecordOrProblem {
  return { line, fields: null, problem: found };
}

function unbalanced(line: Line, state: 'open' | 'broken'): RecordOrProblem {
  const got = state === 'open' ? 'a quote that is not closed' : 'text after a closing quote';
  const remedy = 'Close the quote, and double the quotes inside the field.';
  return failed(line, problem('QUOTE_UNBALANCED', '', 'fields quoted as in RFC 4180', got, remedy));
}

const faults = {
  LINE_TOO_LONG: problem('LINE_TOO_LONG', '', 'a line of at most 1 MiB', 'a longer one', 'Split or drop it.'),
  TEXT_NUL: problem('TEXT_NUL', '', 'text', 'a NUL character', 'Remove the NUL character.'),
  ENCODING_INVALID: problem(
    'ENCODING_INVALID',
    '',
    'valid UTF-8',
    'other bytes',
    'Convert the line, or name the encoding of the file.',
  ),
};

/** Returns why a line could not be read as text, or null when it could. */
export function faultOf(line: Line): Problem | null {
  return line.fault ? faults[line.fault] : null;
}

interface Parse {
  readonly fields: readonly string[];
  readonly lines: number;
  readonly state: 'complete' | 'open' | 'broken';
}

/** Reads the record at the beginning of the pending lines; a quote that reaches an unreadable line is broken. */
function parseQuoted(waiting: readonly Line[], delimiter: string): Parse {
  const faulty = waiting.findIndex(line => line.fault);
  const readable = faulty < 0 ? waiting : waiting.slice(0, faulty);
  const text = readable.map(line => line.text).join('\n');
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at, delimiter);
    if (field === null) return { fields, lines: 1, state: faulty < 0 ? 'open' : 'broken' };
    fields.push(field.value);
    if (field.end === text.length || text[field.end] === '\n') {
      return { fields, lines: text.slice(0, field.end).split('\n').length, state: 'complete' };
    }
    if (!text.startsWith(delimiter, field.end)) return { fields, lines: 1, state: 'broken' };
    at = field.end + delimiter.length;
  }
}

interface Field {
  readonly value: string;
  /** Position of the delimiter, the line end or the end of the text. */
  readonly end: number;
}

function plainField(text: string, at: number, delimiter: string): Field {
  const ends = [text.indexOf(delimiter, at), text.indexOf('\n', at)].filter(found => found >= 0);
  const end = Math.min(...ends, text.length);
  return { value: text.slice(at, end), end };
}

/** Reads a quoted field; null when the text ends before the closing quote. */
function quotedField(text: string, at: number): Field | null {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 2)) {
    if (text[quote + 1] === '"') continue;
    return { value: text.slice(at + 1, quote).replaceAll('""', '"'), end: quote + 1 };
  }
  return null;
}
