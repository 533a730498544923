import { parseDecimal } from './numbers';
import { describeValue, type Problem, problem } from './rejections';
import { parseInstant, parseUtc } from './time';
import { timePattern } from './timePattern';

/**
 * Readers of the named formats of a time column, and of the patterns seen so far. `iso` has a zone; `utc` has none and is read
 * as UTC. NaN for other text.
 */
const timeReaders = new Map<string, (value: unknown) => number>([
  ['iso', value => (typeof value === 'string' ? parseInstant(value) : Number.NaN)],
  ['utc', value => (typeof value === 'string' ? parseUtc(value) : Number.NaN)],
  ['unix-seconds', value => wholeTimeOf(value) * 1000],
  ['unix-milliseconds', wholeTimeOf],
]);

/** Names of the formats of a time column, besides patterns such as `dd/MM/yyyy`. */
export const timeFormats = [...timeReaders.keys()];

/** Returns the reader of a named format or of a pattern; null for another word. */
export function timeReaderOf(format: string): ((value: unknown) => number) | null {
  const known = timeReaders.get(format);
  if (known) return known;
  const read = timePattern(format);
  if (read === null) return null;
  const reader = (value: unknown): number => (typeof value === 'string' ? read(value) : Number.NaN);
  timeReaders.set(format, reader);
  return reader;
}

/** Source of one field's value: a column (by name; a dotted path in JSONL), or a constant. */
export interface FieldRule {
  readonly column?: string | undefined;
  readonly constant?: string | number | boolean | undefined;
  /** Values of the column → values of Affinity. Any other word rejects the line. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** A name of {@link timeFormats}, or a pattern. */
  readonly time?: string | undefined;
  /** Factor of a number: 100 converts pounds to pence. The result is rounded to a whole number. */
  readonly scale?: number | undefined;
  /** Separator at which text is split into a list. */
  readonly split?: string | undefined;
}

const numeric: ReadonlySet<string> = new Set(['value', 'priceMinor', 'rank', 'stock']);
const listed: ReadonlySet<string> = new Set(['categoryPath', 'tags']);

/** A converted value, or the problem with it. */
export type Converted = { readonly value: unknown } | Problem;

/** Converts the value of one field to what the checks of a row expect: mapped words, Dates, numbers. */
export function convert(field: string, rule: FieldRule, raw: unknown): Converted {
  const mapped = rule.map ? mapWord(field, rule.map, raw) : { value: raw };
  if ('code' in mapped) return mapped;
  const { value } = mapped;
  if (field === 'occurredAt') return convertTime(field, rule.time ?? 'iso', value);
  if (numeric.has(field) || rule.scale !== undefined) return convertNumber(field, rule.scale, value);
  if (isIdField(field)) return convertId(field, value);
  if (typeof value === 'string') return { value: convertText(field, rule, value) };
  return { value: typeof value === 'bigint' ? String(value) : value };
}

/** Numbers over a million as spreadsheets write them in narrow columns: `1.6105E+18`. Their last digits are lost. */
const shortenedNumber = /^-?\d(?:[.,]\d+)?E\+\d{2,3}$/;

/** Returns whether text is a number that a spreadsheet has shortened, which several ids can have become. */
export const isShortened = (text: string): boolean => shortenedNumber.test(text);

/** Converts an id that is a whole number to text; refuses numbers of which several ids can have become one. */
function convertId(field: string, value: unknown): Converted {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return { value: String(value) };
  const isExact = typeof value === 'string' ? !isShortened(value) : typeof value !== 'number';
  if (isExact) return { value };
  const got = typeof value === 'string' ? 'one that a spreadsheet shortened' : 'one that is rounded';
  const remedy = 'Export the column as text, or put it in quotation marks.';
  return problem('ID_INEXACT', field, 'an id with all its digits', got, remedy);
}

/** Converts text to a boolean or a list where the field needs one; returns other text unchanged. */
function convertText(field: string, rule: FieldRule, text: string): unknown {
  if (field === 'isActive') return truth.get(text) ?? text;
  if (rule.split === undefined && !listed.has(field)) return text;
  const parts = rule.split === undefined ? [text] : text.split(rule.split);
  return parts.map(part => part.trim()).filter(part => part !== '');
}

const truth: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

const isIdField = (field: string): boolean => field === 'id' || field.endsWith('Id');

function mapWord(field: string, map: Readonly<Record<string, string>>, raw: unknown): Converted {
  const word = String(raw);
  if (Object.hasOwn(map, word)) return { value: map[word] };
  const expected = `one of the ${Object.keys(map).length} words of the mapping`;
  return problem('TYPE_UNMAPPED', field, expected, describeValue(raw), 'Add the word to the mapping.');
}

function convertNumber(field: string, scale: number | undefined, value: unknown): Converted {
  const number = numberOf(value);
  if (Number.isNaN(number)) {
    return problem(
      'NUMBER_INVALID',
      field,
      'a plain decimal number',
      describeValue(value),
      'Write it as 12 or 2.55.',
    );
  }
  return { value: scale === undefined ? number : Math.round(number * scale) };
}

/** Returns a number, or the number that text is; NaN for anything else. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseDecimal(value) : Number.NaN;
}

/** As {@link numberOf}; NaN for a number that a spreadsheet shortened, which is off by hours. */
function wholeTimeOf(value: unknown): number {
  return typeof value === 'string' && isShortened(value) ? Number.NaN : numberOf(value);
}

function convertTime(field: string, format: string, value: unknown): Converted {
  const time = timeReaderOf(format)?.(value) ?? Number.NaN;
  if (!Number.isNaN(time)) return { value: new Date(time) };
  const expected = `a time as the mapping says (${format})`;
  return problem('TIME_INVALID', field, expected, describeValue(value), 'Correct either.');
}
