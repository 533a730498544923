// Fallback, a product at a time: what baskets say of it stands first, as it is; where that is too little, carts fill up,
// then days, weeks and all that a shopper took. A filler never outweighs what stands before it: its weights are scaled under the last one.
import { type TogetherSource, togetherSources } from '../../domain/recommendation';

/** Rows and weights of the best complements of one product, and what each is known by. */
export interface Kept {
  readonly rows: Uint32Array;
  /** > 0, descending. */
  readonly weights: Float32Array;
  /** Groups that hold both. */
  readonly support: Uint32Array;
  /** Places in `togetherSources`. */
  readonly sources: Uint8Array;
}

/** Place of a source, as artifacts keep it. */
export const codeOf = (source: TogetherSource): number => togetherSources.indexOf(source);

/** How much lighter than the last before it the first filler is. */
const step = 0.5;

const joined = <T extends Uint32Array | Float32Array | Uint8Array>(
  make: (values: number[]) => T,
  a: T,
  b: readonly number[],
): T => make([...a, ...b]);

/**
 * A list with another's products behind it, those it does not have yet.
 *
 * @param limit - products of the list, at most
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
