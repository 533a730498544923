import { semanticRows, weighTerms } from '../insights/interestTags/features';
import { countsOf, readSnapshot } from '../insights/interestTags/terms';
import { type KMeansOptions, sphericalKMeans } from '../numeric/sphericalKmeans';
import type { Snapshot } from '../snapshot/snapshot';

const meansOptions = { batchSize: 1024, batches: 20, maxPasses: 50, restarts: 4 };

/** Most products that clusters are found on; all others are assigned to them. */
const maxSampled = 25_000;

/** Clusters every n-th row, and assigns all rows to the nearest centre. */
async function clusterSample(
  rows: Float32Array,
  columns: number,
  options: KMeansOptions,
): Promise<Uint32Array> {
  const count = rows.length / columns;
  const step = Math.ceil(count / maxSampled);
  if (step === 1) return (await sphericalKMeans(rows, columns, options)).labels;
  const sample = new Float32Array(Math.ceil(count / step) * columns);
  for (let at = 0; at * step < count; at++)
    sample.set(rows.subarray(at * step * columns, (at * step + 1) * columns), at * columns);
  const { centres } = await sphericalKMeans(sample, columns, options);
  return Uint32Array.from({ length: count }, (_, row) => nearestOf(rows, row * columns, centres, columns));
}

function nearestOf(rows: Float32Array, start: number, centres: Float32Array, columns: number): number {
  let nearest = 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < centres.length; at += columns) {
    let cosine = 0;
    for (let k = 0; k < columns; k++) cosine += rows[start + k] * centres[at + k];
    if (cosine > best) [nearest, best] = [at / columns, cosine];
  }
  return nearest;
}

/**
 * The baseline for interest tags: TF-IDF of the same terms, the 100 largest singular directions, spherical k-means.
 * Returns the cluster of each product, by its row.
 */
export async function plainClusters(snapshot: Snapshot, k: number, seed: number): Promise<Uint32Array> {
  const reading = readSnapshot(snapshot, 20_000);
  const counts = weighTerms(countsOf(reading.products, reading), reading.table);
  const { rows, columns } = await semanticRows(
    counts,
    { rank: 100, whitening: 0 },
    seed,
    async () => undefined,
  );
  return clusterSample(rows, columns, { ...meansOptions, k, seed });
}
