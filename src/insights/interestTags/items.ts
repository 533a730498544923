import { type Csr, columnsOf, rowsOf } from '../../numeric/csr';
import { createRng } from '../../numeric/rng';
import type { View } from './mixture';

/** The categories of items. */
export interface Categories {
  /** Category of each item; -1 for none. */
  readonly own: Int32Array;
  /** Top level of each category. */
  readonly tops: Int32Array;
}

/** Items to cluster, as feature vectors and as token counts. */
export interface Items {
  /** [count × columns], rows of length 1 or zeros. */
  readonly rows: Float32Array;
  readonly columns: number;
  readonly views: readonly View[];
  /** Number of products of each item. */
  readonly sizes: Float32Array;
  /** How much each item counts when clusters are learned: the square root of its products; 0 when it is left out. */
  readonly weights: Float32Array;
  /** In a shop with a tree of categories. */
  readonly categories?: Categories | undefined;
}

/** Returns the rows of items with features and a weight, at most `most` of them, drawn at random. Ascending. */
export function sampleOf(
  { rows, columns, weights }: Pick<Items, 'rows' | 'columns' | 'weights'>,
  most: number,
  seed: number,
): Uint32Array {
  const known: number[] = [];
  for (let row = 0; row * columns < rows.length; row++) {
    if (weights[row] === 0) continue;
    if (rows.subarray(row * columns, (row + 1) * columns).some(value => value !== 0)) known.push(row);
  }
  if (known.length <= most) return Uint32Array.from(known);
  return createRng(seed).shuffle(Uint32Array.from(known)).slice(0, most).sort();
}

/** Returns some of the items. */
export function subsetOf(items: Items, sample: Uint32Array): Items {
  const { rows, columns, views, sizes, weights, categories } = items;
  const own = new Float32Array(sample.length * columns);
  for (const [at, row] of sample.entries()) {
    own.set(rows.subarray(row * columns, (row + 1) * columns), at * columns);
  }
  return {
    rows: own,
    columns,
    views: views.map(view => ({ ...view, counts: rowsOf(view.counts, sample) })),
    sizes: Float32Array.from(sample, row => sizes[row]),
    weights: Float32Array.from(sample, row => weights[row]),
    categories: categories && { ...categories, own: Int32Array.from(sample, row => categories.own[row]) },
  };
}

/** Fewest items of a token that clusters are found with. */
const minItems = 4;

/** Returns the items without rare tokens, which bring few items together but cost most of the time. */
export function withoutRareTokens(items: Items): Items {
  return { ...items, views: items.views.map(view => ({ ...view, counts: commonTokens(view.counts) })) };
}

function commonTokens(matrix: Csr): Csr {
  const counts = new Uint32Array(matrix.columns);
  for (const token of matrix.indices) counts[token]++;
  let kept = 0;
  const places = Int32Array.from(counts, count => (count >= minItems ? kept++ : -1));
  return columnsOf(matrix, places, kept);
}

/** Share of the products and of the shoppers that a part of the data holds. */
const partShare = 0.9;

/**
 * Returns the items without the tokens of a tenth of the shoppers, and with the weights that they have without a tenth of
 * the products, both drawn at random.
 */
export function partOf(items: Items, seed: number): Items {
  const rng = createRng(seed);
  const weights = items.sizes.map(size => {
    let kept = 0;
    for (let product = 0; product < size; product++) kept += Number(rng.uniform() < partShare);
    return Math.sqrt(kept);
  });
  const views = items.views.map(view => {
    if (!view.ofShoppers) return view;
    const { counts } = view;
    const isKept = Uint8Array.from({ length: counts.columns }, () => Number(rng.uniform() < partShare));
    return {
      ...view,
      counts: { ...counts, values: counts.values.map((value, at) => value * isKept[counts.indices[at]]) },
    };
  });
  return { ...items, weights, views };
}
