import type { Scorer } from './model';

/** @throws {RangeError} when the length of `out` is not histories (`rows`) × products */
export function checkOut(scorer: Pick<Scorer, 'products'>, rows: number, out: Float32Array): void {
  const length = rows * scorer.products.size;
  if (out.length !== length) throw new RangeError(`Expected room for ${length} scores; got ${out.length}.`);
}
