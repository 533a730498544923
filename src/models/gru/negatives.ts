import type { Rng } from '../../numeric/rng';

/** Draws the negatives that all steps of a batch share. */
export interface NegativeSampler {
  /**
   * Draws with replacement.
   *
   * @param rows - out: product rows
   * @param corrections - out, same length: log of the expected number of draws of each
   */
  drawInto(rng: Rng, rows: Uint32Array, corrections: Float32Array): void;
}

/** Draws products with chances proportional to count^exponent; products with a count of 0 are never drawn. */
export function negativeSampler(counts: Uint32Array, exponent: number): NegativeSampler {
  const cumulative = new Float64Array(counts.length);
  let total = 0;
  for (const [product, count] of counts.entries()) {
    total += count > 0 ? count ** exponent : 0;
    cumulative[product] = total;
  }
  const drawOne = (target: number): number => {
    let [low, high] = [0, counts.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    drawInto(rng, rows, corrections) {
      for (let place = 0; place < rows.length; place++) {
        const product = drawOne(rng.uniform() * total);
        rows[place] = product;
        corrections[place] = Math.log((rows.length * counts[product] ** exponent) / total);
      }
    },
  };
}
