import { parseDecimal } from './numbers';
import { describeValue, type Problem, problem } from './rejections';
import { parseInstant, parseUtc } from './time';

/** Formats of a time column. `iso` has a zone; `utc` has none and is read as UTC. */
export const timeFormats = ['iso', 'utc', 'unix-seconds', 'unix-milliseconds'] as const;
/** One of {@link timeFormats}. */
export type TimeFormat = (typeof timeFormats)[number];

/** Source of one field's value: a column (by name; a dotted path in JSONL), or a constant. */
export interface FieldRule {
  readonly column?: string | undefined;
  readonly constant?: string | number | boolean | undefined;
  /** Values of the column → values of Affinity. Any other word rejects the line. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  readonly time?: TimeFormat | undefined;
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
  if (typeof value === 'string') return { value: convertText(field, rule, value) };
  return { value: typeof value === 'number' && isIdField(field) ? String(value) : value };
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
  const number = typeof value === 'string' ? parseDecimal(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) {
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

function convertTime(field: string, format: TimeFormat, value: unknown): Converted {
  const time = timeOf(format, value);
  return Number.isNaN(time)
    ? problem(
        'TIME_INVALID',
        field,
        `a time as the mapping says (${format})`,
        describeValue(value),
        'Correct either.',
      )
    : { value: new Date(time) };
}

function timeOf(format: TimeFormat, value: unknown): number {
  const number = typeof value === 'string' ? parseDecimal(value) : value;
  switch (format) {
    case 'iso':
      return typeof value === 'string' ? parseInstant(value) : Number.NaN;
    case 'utc':
      return typeof value === 'string' ? parseUtc(value) : Number.NaN;
    case 'unix-seconds':
      return typeof number === 'number' ? number * 1000 : Number.NaN;
    case 'unix-milliseconds':
      return typeof number === 'number' ? number : Number.NaN;
  }
}
