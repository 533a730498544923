import { semanticRows, weighTerms } from '../insights/interestTags/features';
import { countsOf, readSnapshot } from '../insights/interestTags/terms';
import { sphericalKMeans } from '../numeric/sphericalKmeans';
import type { Snapshot } from '../snapshot/snapshot';

const meansOptions = { batchSize: 1024, batches: 20, maxPasses: 50, restarts: 4 };

/**
 * The baseline for interest tags: TF-IDF of the same terms, the 100 largest singular directions, spherical k-means.
 * Returns the cluster of each product, by its row.
 */
export async function plainClusters(snapshot: Snapshot, k: number, seed: number): Promise<Uint32Array> {
  const { products, table } = readSnapshot(snapshot, 20_000);
  const counts = weighTerms(countsOf(products, table), table);
  const { rows, columns } = await semanticRows(
    counts,
    { rank: 100, whitening: 0 },
    seed,
    async () => undefined,
  );
  return (await sphericalKMeans(rows, columns, { ...meansOptions, k, seed })).labels;
}
