// Fallback per product: its complements from baskets come first and keep their weights. If they are too few,
// carts fill up the list, then days, weeks and all that a shopper carted or bought. A filler never outweighs
// what precedes it: its weights are scaled below the last one.
import { type TogetherSource, togetherSources } from '../../domain/recommendation';

/** Rows, weights and sources of the best complements of one product. */
export interface Kept {
  readonly rows: Uint32Array;
  /** > 0, descending. */
  readonly weights: Float32Array;
  /** Number of groups that contain both. */
  readonly support: Uint32Array;
  /** Indices into `togetherSources`. */
  readonly sources: Uint8Array;
}

/** Returns the index of a source, as artifacts store it. */
export const codeOf = (source: TogetherSource): number => togetherSources.indexOf(source);

/** Ratio of the first filler's weight to the last weight before it. */
const step = 0.5;

const joined = <T extends Uint32Array | Float32Array | Uint8Array>(
  make: (values: number[]) => T,
  a: T,
  b: readonly number[],
): T => make([...a, ...b]);

/**
 * Returns a list followed by the products of a filler that it does not contain yet.
 *
 * @param limit - maximum products of the list
 */
export function filledUp(list: Kept, filler: Kept, limit: number): Kept {
  const known = new Set(list.rows);
  const places = [...filler.rows.keys()].filter(place => !known.has(filler.rows[place]));
  const added = places.slice(0, Math.max(0, limit - list.rows.length));
  const last = list.weights.at(-1);
  const scale = added.length === 0 || last === undefined ? step : (step * last) / filler.weights[added[0]];
  const of = (values: ArrayLike<number>): number[] => added.map(place => values[place]);
  return {
    rows: joined(values => Uint32Array.from(values), list.rows, of(filler.rows)),
    weights: joined(
      values => Float32Array.from(values),
      list.weights,
      of(filler.weights).map(weight => weight * Math.min(step, scale)),
    ),
    support: joined(values => Uint32Array.from(values), list.support, of(filler.support)),
    sources: joined(values => Uint8Array.from(values), list.sources, of(filler.sources)),
  };
}
