/** A column: numbers (NaN: missing), or codes of categories with their names (NaN: missing). One value per row. */
export type Column =
  | { readonly name: string; readonly kind: 'numeric'; readonly values: Float32Array }
  | {
      readonly name: string;
      readonly kind: 'categorical';
      /** Places in `categories`; NaN: missing. */
      readonly values: Float32Array;
      readonly categories: readonly string[];
    };

/**
 * Rows with named columns. A classifier reads columns by their place: a table to predict has those of the table it was
 * trained on. Its categories may go on where those of training end; such categories are read as missing.
 */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** Returns some rows of a table, in the order given; a row may be given more than once. O(rows × columns). */
export function takeRows({ columns }: Table, rows: ArrayLike<number>): Table {
  return {
    rows: rows.length,
    columns: columns.map(column => ({
      ...column,
      values: takeInto(column.values, rows, new Float32Array(rows.length)),
    })),
  };
}

/** Writes values[rows[place]] to every place of `out`, and returns it. */
export function takeInto<Values extends Float32Array | Float64Array | Uint8Array>(
  values: Values,
  rows: ArrayLike<number>,
  out: Values,
): Values {
  for (let place = 0; place < out.length; place++) out[place] = values[rows[place]];
  return out;
}

/** @throws {RangeError} unless every column has one value per row, and labels and weights do where given */
export function checkRows(table: Table, labels?: Uint8Array, weights?: Float32Array): void {
  const { rows, columns } = table;
  const wrong = columns.find(({ values }) => values.length !== rows);
  const lengths = [wrong?.values.length ?? rows, labels?.length ?? rows, weights?.length ?? rows];
  if (columns.length > 0 && lengths.every(length => length === rows)) return;
  throw new RangeError(
    `Expected columns, labels and weights of ${rows} rows; got ${columns.length} columns, lengths ${lengths.join(', ')}.`,
  );
}

/** @throws {RangeError} when the table has not as many columns as the one a classifier was trained on */
export function checkColumns({ columns }: Table, trained: number): void {
  if (columns.length === trained) return;
  throw new RangeError(`Expected ${trained} columns, as in training; got ${columns.length}.`);
}
