import type { Step } from '../step';
import { returnDays } from '../targets';

/** Dense features of a step, a multiple of 8. */
export const denseCount = 32;
/** Buckets of the time to the next event, equally filled in training. */
export const bucketCount = 16;
/** Purchase, abandonment, returns: each a sigmoid. */
export const flagCount = 2 + returnDays.length;
/** The same, padded to whole vectors. */
export const flagColumns = 8;

/** Sizes of a network. */
export interface NetworkShape {
  /** Whether the cell is a long short-term memory; else a gated recurrent unit. */
  readonly isLstm: boolean;
  /** Numbers per state and per event read: a multiple of 8. */
  readonly columns: number;
  /** Types of events; with LEAVE, there is one action more. */
  readonly types: number;
  /** Categories of the vocabulary, without the 0 for all others. */
  readonly categories: number;
}

/** Gates of a cell: i, f, g, o of an LSTM; z, r, n of a GRU. */
export const gateCount = ({ isLstm }: NetworkShape): number => (isLstm ? 4 : 3);

/**
 * Fields that are looked up for each event, and the rows of each; values beyond the last row use the last. The category comes
 * after these, as its rows depend on the vocabulary.
 */
const rowsByField = (types: number) =>
  [
    ['type', types],
    ['firstType', types],
    ['previousType', types + 1],
    ['hour', 24],
    ['weekday', 7],
    ['position', 16],
    ['products', 8],
    ['cartSize', 6],
    ['cartAdds', 4],
    ['purchases', 4],
  ] as const;

/** Where the fields that are looked up lie in the table. */
export interface Lookups {
  /** Each field with its first and last row. */
  readonly fields: readonly { readonly field: keyof Step; readonly first: number; readonly last: number }[];
  /** First row of the categories. */
  readonly categoryStart: number;
}

/** Returns the places of the fields that a network looks up. */
export function lookupsOf({ types }: Pick<NetworkShape, 'types'>): Lookups {
  let end = 0;
  const fields = rowsByField(types).map(([field, rows]) => {
    const first = end;
    end += rows;
    return { field, first, last: end - 1 };
  });
  return { fields, categoryStart: end };
}

/** Rows that are looked up per event, that of the category included. */
export const indexCount = rowsByField(0).length + 1;

const padded = (count: number, to: number): number => to * Math.ceil(count / to);

/** Column at which each head starts among the scores. */
export function headPlaces({ types, categories }: NetworkShape) {
  const buckets = padded(types + 1, 4);
  const flags = buckets + bucketCount;
  const category = flags + flagColumns;
  return {
    actions: 0,
    buckets,
    flags,
    /** Of categories + 1 columns: 0 is never a target. */
    category,
    length: padded(category + categories + 1, 8),
  };
}

/** Where the parameters are among the weights, in floats. Matrices are [inputs × outputs], row-major. */
export function weightPlaces(shape: NetworkShape) {
  const { columns, categories } = shape;
  const gates = gateCount(shape) * columns;
  const heads = headPlaces(shape).length;
  const lengths = {
    /** [rows looked up × columns] */
    table: (lookupsOf(shape).categoryStart + categories + 1) * columns,
    /** [dense features × columns] */
    dense: denseCount * columns,
    inputBias: columns,
    /** [columns × gates]: of the event. */
    input: columns * gates,
    /** [columns × gates]: of the previous state. */
    state: columns * gates,
    gateBias: gates,
    /** Of the sums over the previous state; used by the gated recurrent unit only. */
    stateBias: gates,
    /** [columns × columns]: of the event, past the cell, into the layer before the heads. */
    hiddenInput: columns * columns,
    /** [columns × columns]: of the state. */
    hiddenState: columns * columns,
    hiddenBias: columns,
    /** [columns × heads] */
    head: columns * heads,
    headBias: heads,
  };
  let length = 0;
  const places = Object.fromEntries(
    Object.entries(lengths).map(([name, size]) => {
      const place = length;
      length += size;
      return [name, place];
    }),
  ) as { readonly [Name in keyof typeof lengths]: number };
  return { ...places, length };
}
