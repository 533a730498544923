/** A string with the colon that makes it a name, or a number. Matches nothing else in valid JSON. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const nameOrBrace = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g;
/** Shorter integers are below 2^53. */
const longNumber = /\d{16}/;
const integer = /^-?\d+$/;

/**
 * Parses JSON without rounding whole numbers: those beyond ±(2^53 - 1), which a number cannot represent, become `bigint`.
 * Snowflake ids and long article numbers therefore stay exact, and a reader that takes no `bigint` refuses them by name.
 * Numbers with a fraction or an exponent are read as JSON.parse reads them. As fast as JSON.parse for text without a run of
 * 16 digits.
 *
 * @throws {SyntaxError} for text that is not JSON, and for exact numbers that are nested too deeply
 */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!longNumber.test(text)) return value;
  // Every text is marked, so that no text of the input can be taken for a number.
  const marked = text.replace(stringOrNumber, (token, colon?: string) => {
    if (colon !== undefined) return token;
    if (token.startsWith('"')) return `"s${token.slice(1)}`;
    return integer.test(token) && !Number.isSafeInteger(Number(token)) ? `"n${token}"` : token;
  });
  return reviveMarked(marked);
}

/**
 * Returns JSON whose whole numbers beyond ±(2^53 - 1) are texts: `1610521604143693812` becomes `"1610521604143693812"`. For
 * readers that accept an id as a number or as text, and that refuse text where they need a number. Texts and names stay as
 * they are, and so do numbers with a fraction or an exponent, such as `1610521604143693812.0`: readers refuse those that were
 * rounded. Text that is not JSON stays invalid.
 */
export function quoteLongIntegers(text: string): string {
  if (!longNumber.test(text)) return text;
  return text.replace(stringOrNumber, token =>
    integer.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

function reviveMarked(marked: string): unknown {
  try {
    return JSON.parse(marked, (_name, value: unknown) => {
      if (typeof value !== 'string') return value;
      return value.startsWith('n') ? BigInt(value.slice(1)) : value.slice(1);
    });
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxError('The value is nested too deeply.');
    throw error;
  }
}

/**
 * Returns the first name that occurs twice in one object of valid JSON, or null. Parsers keep the last of such members, so
 * a file with them says less than it seems to.
 */
export function repeatedName(text: string): string | null {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(nameOrBrace)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const quoted = token.slice(0, -colon.length);
      const name: string = quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
      const names = open[open.length - 1];
      if (names.has(name)) return name;
      names.add(name);
    }
  }
  return null;
}
