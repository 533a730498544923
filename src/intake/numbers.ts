const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** A plain decimal number as text (`12`, `-0.5`, `1e3`), or NaN: no white space, no thousands marks, no hexadecimal. */
export function parseDecimal(text: string): number {
  return decimal.test(text) ? Number(text) : Number.NaN;
}
