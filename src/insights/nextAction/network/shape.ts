import { interactionTypes } from '../../../domain/interaction';
import { actionCount, type Step } from '../step';
import { returnDays } from '../targets';

/** Numbers of a step beside what is looked up, a multiple of 8. */
export const denseCount = 32;
/** Parts of the time to the next event, equally filled in training. */
export const bucketCount = 16;
/** Purchase, abandonment, returns: each a sigmoid. */
export const flagCount = 2 + returnDays.length;
/** The same with room for whole vectors. */
export const flagColumns = 8;

/** How large a network is. */
export interface NetworkShape {
  /** Whether the cell is a long short-term memory; else a gated recurrent unit. */
  readonly isLstm: boolean;
  /** Numbers of the state and of an event read: a multiple of 8. */
  readonly columns: number;
  /** Categories of the vocabulary, without the 0 for all others. */
  readonly categories: number;
}

/** Blocks of a cell: sums of an LSTM are for i, f, g, o, those of a GRU for z, r, n. */
export const gateCount = ({ isLstm }: NetworkShape): number => (isLstm ? 4 : 3);

/**
 * What is looked up for each event, and how many rows each has; counts beyond the last row are the last. The category, whose
 * rows the vocabulary decides, comes last.
 */
const lookups = [
  ['type', interactionTypes.length],
  ['firstType', interactionTypes.length],
  ['previousType', interactionTypes.length + 1],
  ['hour', 24],
  ['weekday', 7],
  ['position', 16],
  ['products', 8],
  ['cartSize', 6],
  ['cartAdds', 4],
  ['purchases', 4],
] as const;

/** Fields looked up, each with its first row in the table and its last. */
export const lookupRows: readonly {
  readonly field: keyof Step;
  readonly first: number;
  readonly last: number;
}[] = lookups.map(([field, rows], index) => {
  const first = lookups.slice(0, index).reduce((sum, [, before]) => sum + before, 0);
  return { field, first, last: first + rows - 1 };
});

/** First row of the categories in the table. */
export const categoryStart = lookups.reduce((sum, [, rows]) => sum + rows, 0);

/** Things looked up for each event. */
export const indexCount = lookups.length + 1;

const padded = (count: number, to: number): number => to * Math.ceil(count / to);

/** Columns at which each head starts among all that is foretold. */
export function headPlaces({ categories }: NetworkShape) {
  const buckets = padded(actionCount, 4);
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

/** Where the parameters lie among the weights: floats. Matrices are [from × to], row-major. */
export function weightPlaces(shape: NetworkShape) {
  const { columns, categories } = shape;
  const gates = gateCount(shape) * columns;
  const heads = headPlaces(shape).length;
  const lengths = {
    /** [rows looked up × columns] */
    table: (categoryStart + categories + 1) * columns,
    /** [dense features × columns] */
    dense: denseCount * columns,
    inputBias: columns,
    /** [columns × gates]: of the event read. */
    input: columns * gates,
    /** [columns × gates]: of the state before. */
    state: columns * gates,
    gateBias: gates,
    /** Of what the state before says; used by the gated recurrent unit only. */
    stateBias: gates,
    /** [columns × columns]: of the event read, past the cell, to the layer before the heads. */
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
