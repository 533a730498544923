const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Parses a plain decimal number (`12`, `-0.5`, `1e3`). NaN for white space, thousands separators, hexadecimal and other text. */
export function parseDecimal(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN;
}
