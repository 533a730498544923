import { sphericalKMeans } from '../../numeric/sphericalKmeans';
import { sampleOf } from './cluster';

const grid = [2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 200, 400];
const maxSampled = 3_000;
/** Fewest products per tag, on average. */
const minTagSize = 8;
const meansOptions = { batchSize: 512, batches: 0, maxPasses: 12, restarts: 2 };

/**
 * Returns the simplified silhouette (Hruschka, de Castro & Campello 2006): the mean of (b - a) / max(a, b) over rows.
 * Here a is the distance (1 - cosine) to the own centre, and b that to the nearest other centre. 0-1; higher when clusters
 * are compact and far apart.
 */
export function silhouetteOf(rows: Float32Array, columns: number, centres: Float32Array): number {
  const count = rows.length / columns;
  let total = 0;
  for (let row = 0; row < count; row++) {
    let [first, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < centres.length; at += columns) {
      let cosine = 0;
      for (let k = 0; k < columns; k++) cosine += rows[row * columns + k] * centres[at + k];
      if (cosine > first) [first, second] = [cosine, first];
      else if (cosine > second) second = cosine;
    }
    const [own, other] = [Math.max(0, 1 - first), Math.max(0, 1 - second)];
    total += other === 0 ? 0 : (other - own) / other;
  }
  return total / count;
}

/**
 * Returns the number of clusters, from a grid, with the highest simplified silhouette on a sample; the smaller one of two
 * that are equal.
 *
 * @param rows - [items × columns], rows of length 1 or zeros
 * @param onPass - may throw to stop
 */
export async function chooseK(
  rows: Float32Array,
  columns: number,
  maxTags: number,
  seed: number,
  onPass: () => Promise<void>,
): Promise<number> {
  const sample = sampleOf({ rows, columns }, maxSampled, seed);
  const own = new Float32Array(sample.length * columns);
  for (const [at, row] of sample.entries()) {
    own.set(rows.subarray(row * columns, (row + 1) * columns), at * columns);
  }
  let best = { k: 2, silhouette: Number.NEGATIVE_INFINITY };
  for (const k of grid) {
    if (k > maxTags || k * minTagSize > sample.length) break;
    const { centres } = await sphericalKMeans(own, columns, { ...meansOptions, k, seed }, onPass);
    const silhouette = silhouetteOf(own, columns, centres);
    if (silhouette > best.silhouette) best = { k, silhouette };
  }
  return best.k;
}
