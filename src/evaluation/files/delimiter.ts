/** A quoted field (RFC 4180), from the beginning of the line or a delimiter on; it may go on in the next line. */
const quotedField = /(^|::|[\t;, ])"(?:[^"]|"")*(?:"|$)/g;

/** Returns the first of some delimiters that splits a line outside quoted fields; undefined when none does. */
export const delimiterOf = <Delimiter extends string>(
  line: string,
  delimiters: readonly Delimiter[],
): Delimiter | undefined => {
  const bare = line.trim().replace(quotedField, '$1');
  return delimiters.find(delimiter => bare.includes(delimiter));
};
