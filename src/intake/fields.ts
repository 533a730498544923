import { maxIdLength } from '../domain/ids';
import { isJsonObject, type JsonObject } from './jsonObject';
import { describeValue, type Problem, problem, type RejectionCode } from './rejections';
import { isStorable } from './storable';

/** Bounds of a number, both inclusive. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
  /** Rejection code for a number outside the bounds; VALUE_OUT_OF_RANGE by default. */
  readonly code?: RejectionCode;
}

/** Largest value of PostgreSQL's `integer`. */
export const maxInt32 = 2_147_483_647;

const controlCharacter = /\p{Cc}/u;
/** Text in which every character has one form only. */
const latin1 = /^[\0-\xff]*$/;

/** Returns whether a value is an id that rows can have. The rules are those of {@link Fields.id}. */
export function isRowId<Value>(value: Value): value is Value & string {
  const fields = new Fields({ id: value });
  fields.id('id');
  return fields.problem === null;
}

/**
 * Reads the fields of one unknown value and keeps the first problem. After a problem every method returns null (or an
 * empty value), so that a row can be built in one expression and discarded afterwards.
 */
export class Fields {
  readonly #raw: JsonObject;
  #problem: Problem | null = null;
  #bytes = 0;

  constructor(
    raw: unknown,
    /** Path of this value in the row; empty for the row itself. */
    readonly path = '',
  ) {
    this.#raw = isJsonObject(raw) ? raw : {};
    if (!isJsonObject(raw)) {
      this.#problem = problem('NOT_AN_OBJECT', path, 'an object', describeValue(raw), 'Send named fields.');
    }
  }

  /** The first problem, or null. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Approximate size of all texts read so far, in bytes: two per UTF-16 code unit. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns whether the field is present and not undefined (null counts as present). */
  has(field: string): boolean {
    return Object.hasOwn(this.#raw, field) && this.#raw[field] !== undefined;
  }

  /** Returns the raw value of a field; undefined when absent (or inherited). */
  value(field: string): unknown {
    return Object.hasOwn(this.#raw, field) ? this.#raw[field] : undefined;
  }

  /** Records a problem with a field unless there is one already. Returns null, for use in expressions. */
  fail(code: RejectionCode, field: string, expected: string, remedy: string): null {
    this.#problem ??= problem(code, this.#at(field), expected, describeValue(this.value(field)), remedy);
    return null;
  }

  /** Records a problem that another reader found, unless there is one already. */
  adopt(found: Problem | null): void {
    this.#problem ??= found;
  }

  /** Rejects fields that `known` does not list; undefined ones are ignored. */
  onlyKnown(known: ReadonlySet<string>): void {
    for (const name of Object.keys(this.#raw)) {
      if (known.has(name) || this.#raw[name] === undefined) continue;
      const remedy = `Known fields: ${[...known].join(', ')}.`;
      const got = `a field name of ${name.length} characters that is none of them`;
      this.#problem ??= problem('FIELD_UNKNOWN', this.path, 'only known fields', got, remedy);
      return;
    }
  }

  /**
   * Reads a required id: 1-256 UTF-16 code units, trimmed, without control characters and lone surrogates, in Unicode
   * normalization form C. Case-sensitive.
   */
  id(field: string): string {
    const value = this.value(field);
    if (value === undefined || value === null || value === '') {
      this.fail('ID_MISSING', field, 'an id of 1 to 256 characters', 'Send the id your shop uses.');
      return '';
    }
    if (typeof value !== 'string') {
      this.fail('TEXT_EXPECTED', field, 'an id as text', 'Put the id in quotation marks.');
      return '';
    }
    if (value.length > maxIdLength) {
      this.fail('ID_TOO_LONG', field, `an id of at most ${maxIdLength} characters`, 'Use a shorter id.');
      return '';
    }
    if (value.trim().length !== value.length) {
      this.fail('ID_NOT_TRIMMED', field, 'an id without white space around it', 'Trim it.');
      return '';
    }
    return this.#oneForm(field, this.#storable(field, value) ?? '');
  }

  /** As {@link id}; null when absent or null. */
  optionalId(field: string): string | null {
    const value = this.value(field);
    return value === undefined || value === null ? null : this.id(field);
  }

  /** Reads text of at most `maxLength` UTF-16 code units; null when absent, null or empty. */
  text(field: string, maxLength: number): string | null {
    const value = this.value(field);
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string')
      return this.fail('TEXT_EXPECTED', field, 'text', 'Put it in quotation marks.');
    if (value.length > maxLength) {
      return this.fail('TEXT_TOO_LONG', field, `text of at most ${maxLength} characters`, 'Shorten it.');
    }
    return this.#storable(field, value);
  }

  /** Reads a finite number in a range (-0 becomes 0); null when absent or null. */
  number(field: string, range: NumberRange): number | null {
    const value = this.value(field);
    if (value === undefined || value === null) return null;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return this.fail(
        'VALUE_NOT_A_NUMBER',
        field,
        'a finite number',
        'Send the bare number, without quotes.',
      );
    }
    const whole = range.whole ?? false;
    if (value < range.min || value > range.max || (whole && !Number.isInteger(value))) {
      const expected = `a ${whole ? 'whole ' : ''}number from ${range.min} to ${range.max}`;
      return this.fail(range.code ?? 'VALUE_OUT_OF_RANGE', field, expected, 'Correct it, or leave it out.');
    }
    return value === 0 ? 0 : value;
  }

  /** Reads a price in minor units; null when absent or null. */
  price(field: string): number | null {
    return this.number(field, { min: 0, max: maxInt32, whole: true, code: 'PRICE_INVALID' });
  }

  /** Reads a boolean; null when absent or null. */
  boolean(field: string): boolean | null {
    const value = this.value(field);
    if (value === undefined || value === null) return null;
    return typeof value === 'boolean'
      ? value
      : this.fail('BOOLEAN_EXPECTED', field, 'true or false', 'Send it without quotes.');
  }

  /** Reads one of a list of words; null (and a problem) for anything else. */
  choice<Word extends string>(field: string, words: readonly Word[], code: RejectionCode): Word | null {
    const value = this.value(field);
    const found = words.find(word => word === value);
    return found ?? this.fail(code, field, `one of ${words.join(', ')}`, 'Use one of these, in capitals.');
  }

  /** Reads a list of texts, each of 1 to `maxLength` code units; empty when absent or null. */
  texts(field: string, maxCount: number, maxLength: number): readonly string[] {
    const items = this.list(field, maxCount);
    const entries = new Fields({ ...items }, this.#at(field));
    const texts = items.map((item, position) => {
      if (item === '') entries.fail('TEXT_EMPTY', `${position}`, 'text', 'Leave empty entries out.');
      if (item === null) entries.fail('TEXT_EXPECTED', `${position}`, 'text', 'Leave empty entries out.');
      return entries.text(`${position}`, maxLength) ?? '';
    });
    this.#bytes += entries.bytes;
    this.adopt(entries.problem);
    return this.#problem ? [] : texts;
  }

  /** Reads a list of unknown entries; empty when absent or null. */
  list(field: string, maxCount: number): readonly unknown[] {
    const value = this.value(field);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.fail('LIST_EXPECTED', field, 'a list', 'Put it in square brackets.');
      return [];
    }
    if (value.length <= maxCount) return value;
    this.fail('LIST_TOO_LONG', field, `a list of at most ${maxCount}`, 'Send fewer entries.');
    return [];
  }

  /** Adds the size of text that another reader read to {@link bytes}. */
  count(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Returns an id that no other text looks like; '' (and a problem) for other text. */
  #oneForm(field: string, id: string): string {
    if (controlCharacter.test(id)) {
      const expected = 'an id without control characters';
      this.fail('ID_CONTROL_CHARACTER', field, expected, 'Remove tabs, line ends and the like.');
      return '';
    }
    if (latin1.test(id) || id === id.normalize('NFC')) return id;
    const expected = 'an id in Unicode normalization form C';
    this.fail('ID_NOT_NORMALIZED', field, expected, 'Normalize it to NFC, here and wherever it is used.');
    return '';
  }

  /** Returns storable text; null (and a problem) for other text. */
  #storable(field: string, value: string): string | null {
    this.#bytes += value.length * 2;
    if (isStorable(value)) return value;
    return value.includes('\0')
      ? this.fail('TEXT_NUL', field, 'text without NUL (U+0000)', 'Remove the NUL character.')
      : this.fail(
          'TEXT_LONE_SURROGATE',
          field,
          'well-formed text',
          'Send whole characters, not half a pair.',
        );
  }

  #at(field: string): string {
    if (this.path === '' || field === '') return this.path + field;
    return `${this.path}.${field}`;
  }
}
