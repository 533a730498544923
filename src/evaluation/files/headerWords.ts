/** Names of columns in public data sets, by the role of the column. */
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

/** Returns the role of a column by its name (`user_id`, `StockCode`, `item_id:token`); null for any other text. */
export const roleOfWord = (text: string): string | null =>
  expressions.find(([, expression]) => expression.test(text.trim()))?.[0] ?? null;

/** Returns whether a first line is a header: its first field, or any two of its fields, are known names of columns. */
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
