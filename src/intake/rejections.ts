/** Whether a line was wrong, or was correct but is not an event that this preset imports. */
export interface RejectionKind {
  readonly kind: 'rejected' | 'skipped';
  /** What it means and what is expected, for docs/import.md and API clients. */
  readonly meaning: string;
}

const rejected = (meaning: string): RejectionKind => ({ kind: 'rejected', meaning });
const skipped = (meaning: string): RejectionKind => ({ kind: 'skipped', meaning });

/** Every reason for rejecting a value or a line. Codes are stable, because clients branch on them. */
export const rejectionCatalogue = {
  NOT_AN_OBJECT: rejected('The row is not an object with named fields.'),
  FIELD_UNKNOWN: rejected(
    'The row has an unknown field; it is rejected so that a misspelled name is noticed.',
  ),
  TEXT_EXPECTED: rejected('The field takes text; the value is of another kind.'),
  TEXT_EMPTY: rejected('The field takes text of at least one character.'),
  TEXT_TOO_LONG: rejected('The text is longer than the field documents.'),
  TEXT_NUL: rejected('The text holds the character NUL (U+0000), which PostgreSQL cannot store.'),
  TEXT_LONE_SURROGATE: rejected('The text holds half of a surrogate pair, which is not a character.'),
  BOOLEAN_EXPECTED: rejected('The field takes true or false.'),
  LIST_EXPECTED: rejected('The field takes a list.'),
  LIST_TOO_LONG: rejected('The list has more entries than the field documents.'),
  CHOICE_UNKNOWN: rejected('The field takes one of a fixed list of words.'),
  ID_MISSING: rejected('The id is absent or empty.'),
  ID_TOO_LONG: rejected('The id is longer than 256 UTF-16 code units.'),
  ID_NOT_TRIMMED: rejected('The id begins or ends with white space; ids that look equal could be different.'),
  ID_CONTROL_CHARACTER: rejected('The id holds a control character, such as a tab or the end of a line.'),
  ID_NOT_NORMALIZED: rejected(
    'The id is not in Unicode normalization form C: another form of the same characters would be another id.',
  ),
  ID_INEXACT: rejected(
    'The id is a number that was rounded: one over 2^53 with an exponent or a fraction, or one that a spreadsheet shortened (1.6105E+18).',
  ),
  TYPE_UNKNOWN: rejected('The event type is not one of those that Affinity knows.'),
  PRODUCT_MISSING: rejected('This type of event requires a product.'),
  QUERY_TEXT_MISSING: rejected('This type of event requires a text: for a SEARCH, the query.'),
  VALUE_MISSING: rejected('This type of event requires stars as its value.'),
  VALUE_UNEXPECTED: rejected('This type of event carries no value.'),
  VALUE_NOT_A_NUMBER: rejected('The field takes a finite number; the value is of another kind.'),
  NUMBER_INEXACT: rejected('The number is over 2^53 and would be rounded; as text it stays exact.'),
  VALUE_OUT_OF_RANGE: rejected('The number is outside the range that the field documents.'),
  PRICE_INVALID: rejected('A price is a whole number of minor units, 0 to 2,147,483,647.'),
  TIME_INVALID: rejected(
    'The time is not an ISO 8601 instant with a zone (or not what the mapping says it is).',
  ),
  TIME_TOO_OLD: rejected(
    'The time is before 1990-01-01, most likely because of a wrong unit or an unset clock.',
  ),
  TIME_IN_FUTURE: rejected('The time is more than five minutes ahead of the clock of the server.'),
  LOCALE_INVALID: rejected('The locale is not a BCP 47 language tag.'),
  CURRENCY_INVALID: rejected('The currency is not three capital letters as in ISO 4217.'),
  URL_INVALID: rejected(
    'The address does not begin with http://, https:// or data:image/, or holds white space.',
  ),
  ATTRIBUTES_INVALID: rejected(
    'Attributes are a flat object: text, finite numbers, true, false or lists of text; at most 64.',
  ),
  TRANSLATIONS_INVALID: rejected(
    'Translations are an object from BCP 47 tags to title and description; at most 32, each language once.',
  ),
  CONSENT_REPEATED: rejected('A purpose occurs more than once in the same row.'),
  POLICY_INVALID: rejected(
    'The settings of the shop are an object from names to values, as docs/configuration.md lists them.',
  ),
  TOO_LARGE: rejected('The row is larger than 64 KiB in all.'),
  USER_DEACTIVATED: rejected('The shop deactivated the shopper: no event that is received later is stored.'),
  USER_MERGED: rejected(
    'The id is of a visitor whom userIdentify merged into a shopper: nothing is stored under it. Use the id of the shopper.',
  ),
  PRODUCT_UNKNOWN: rejected(
    'The shop has no product with this id. Only events of SHOPPER credentials need a known product.',
  ),
  RATE_LIMITED: rejected(
    'There were too many events in an hour: of this shopper, or of unknown products. Send the event again later.',
  ),

  LINE_TOO_LONG: rejected('The line is longer than 1 MiB.'),
  LINE_EMPTY: skipped('The line is blank.'),
  ENCODING_INVALID: rejected('The line is not valid text in the encoding of the file.'),
  QUOTE_UNBALANCED: rejected(
    'A quoted field is not closed within its line and the 64 that follow, or text follows its end.',
  ),
  COLUMN_COUNT: rejected('The line does not have the number of columns of the file.'),
  HEADER_REPEATED: skipped('The line repeats the header, as in files that were joined.'),
  JSON_INVALID: rejected('The line is not one JSON value.'),
  NAME_REPEATED: rejected('A name occurs more than once in an object of the line.'),
  NUMBER_INVALID: rejected('The column does not hold a plain decimal number.'),
  SENDER_INVALID: rejected('The sender of an event is not a text that `affinity export` wrote.'),
  KIND_UNKNOWN: rejected('The line does not name one of the kinds of rows that `affinity export` writes.'),
  SHOP_MISPLACED: rejected('The line describes a shop, which only the first line of a file does.'),
  TYPE_UNMAPPED: rejected('The mapping gives no event type for the word in this column.'),
  CAMPAIGN_UNKNOWN: rejected('The line names a campaign that the files of this command do not describe.'),

  NO_CUSTOMER: skipped(
    'The order line has no customer: it describes the catalogue, but is no event of a user.',
  ),
  QUANTITY_NOT_POSITIVE: skipped(
    'The order line has a quantity of zero or below and is no cancellation: nothing was bought.',
  ),
} as const satisfies Record<string, RejectionKind>;

/** A key of {@link rejectionCatalogue}. */
export type RejectionCode = keyof typeof rejectionCatalogue;

/** A problem with one field. The message says what was expected, what was received, and the remedy. */
export interface Problem {
  readonly code: RejectionCode;
  /** Path of the field, as in `attributes.size`; empty for the row as a whole. */
  readonly field: string;
  readonly message: string;
}

/** A row that is not stored. */
export interface Rejection extends Problem {
  /** Position of the row in its batch, from 0. */
  readonly index: number;
}

/** A row of the domain, or its rejection. */
export type Checked<Row> =
  | { readonly ok: true; readonly row: Row }
  | { readonly ok: false; readonly rejection: Rejection };

/**
 * Describes a value without repeating its text, which may hold personal data: of texts only the kind and the length are
 * given, numbers and booleans as they are.
 */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'no time' : `the time ${value.toISOString()}`;
  if (typeof value === 'bigint') return 'a whole number over 2^53';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Returns a problem whose message has the three parts of every message. */
export function problem(
  code: RejectionCode,
  field: string,
  expected: string,
  got: string,
  remedy: string,
): Problem {
  return { code, field, message: `Expected ${expected}; got ${got}. ${remedy}` };
}
