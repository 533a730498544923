import { isShortened } from '../../intake/conversion';
import { invalidFile } from './invalidFile';

/** Words by which columns of public data sets are known, by the role of the column. */
const roleWords: ReadonlyMap<string, string> = new Map([
  ['user', 'user|customer|visitor|shopper|member|client|buyer|household|reviewer'],
  ['item', 'items?|products?|article|movie|book|track|song|artist|stock[ _-]?code|sku|asin'],
  ['basket', 'basket|order|invoice|session|transaction'],
  ['rating', 'rating|stars?|score|weight|overall'],
  ['time', 'time|timestamp|date|datetime'],
  ['type', 'type|event|action|behaviou?r'],
]);
const expressions = [...roleWords].map(
  ([role, words]) =>
    [
      role,
      new RegExp(`^(?:${words})(?:[ _-]?(?:id|ids|no|num|number|index|list))*(?::\\w+)?$`, 'i'),
    ] as const,
);

/** Returns the role that the name of a column tells (`user_id`, `StockCode`, `item_id:token`); null for other text. */
export const roleOfWord = (text: string): string | null =>
  expressions.find(([, expression]) => expression.test(text.trim()))?.[0] ?? null;

/** Returns whether a first line has names of columns: its first field, or any two. */
export function isHeader(fields: readonly string[]): boolean {
  const named = fields.filter(field => roleOfWord(field) !== null);
  return named.length >= 2 || (fields.length > 0 && roleOfWord(fields[0]) !== null);
}

const number = /^-?\d+(?:\.\d+)?$/;

/**
 * Returns whether a first line is unlike the second in the way that an unknown header is: none of these fields has a digit,
 * and all of those below are numbers.
 */
export const looksLikeHeader = (first: readonly string[], second: readonly string[]): boolean =>
  first.length > 0 &&
  first.every(field => /^[^\d]+$/.test(field)) &&
  second.length > 0 &&
  second.every(field => number.test(field));

const controlCharacter = /\p{Cc}/u;

/**
 * Returns an id of a file unchanged.
 *
 * @throws {GatewayError} EVALUATION_INVALID when several ids can have become this one: a number that a spreadsheet shortened, or
 *   text with control characters
 */
export function checkId(id: string, place: string): string {
  if (isShortened(id))
    throw invalidFile(place, 'an id with all its digits', id, 'Export the column as text.');
  if (controlCharacter.test(id))
    throw invalidFile(
      place,
      'an id without control characters',
      'one with some',
      'Correct the ends of lines.',
    );
  return id;
}
