import type { Csr } from '../../numeric/csr';
import { createRng } from '../../numeric/rng';
import { sphericalKMeans } from '../../numeric/sphericalKmeans';
import {
  addEvidence,
  evidenceOf,
  logShares,
  priorsOf,
  refineShares,
  sharesOfLabels,
  softmaxInto,
  usesOf,
  type View,
} from './mixture';
import { meanMargin, pruneTags } from './prune';
import type { InterestTagsConfig } from './settings';

/** Items to cluster, as feature vectors and as token counts. */
export interface Items {
  /** [count × columns], rows of length 1 or zeros. */
  readonly rows: Float32Array;
  readonly columns: number;
  readonly views: readonly View[];
}

/** Most items that clusters are found on; all other items are then assigned to them. */
const maxSampled = 10_000;
/** Clusters to start from, per tag. */
const startsPerTag = 2.2;
const meansOptions = { batchSize: 1024, batches: 20, maxPasses: 20 };

/** Returns some rows of a matrix, in the given order. */
function rowsOf(matrix: Csr, rows: Uint32Array): Csr {
  const indptr = new Uint32Array(rows.length + 1);
  for (const [at, row] of rows.entries()) {
    indptr[at + 1] = indptr[at] + matrix.indptr[row + 1] - matrix.indptr[row];
  }
  const indices = new Uint32Array(indptr[rows.length]);
  const values = new Float32Array(indices.length);
  for (const [at, row] of rows.entries()) {
    indices.set(matrix.indices.subarray(matrix.indptr[row], matrix.indptr[row + 1]), indptr[at]);
    values.set(matrix.values.subarray(matrix.indptr[row], matrix.indptr[row + 1]), indptr[at]);
  }
  return { rows: rows.length, columns: matrix.columns, indptr, indices, values };
}

/** Returns the rows of items with features, at most `most` of them, drawn at random. Ascending. */
export function sampleOf(
  { rows, columns }: Pick<Items, 'rows' | 'columns'>,
  most: number,
  seed: number,
): Uint32Array {
  const known: number[] = [];
  for (let row = 0; row * columns < rows.length; row++) {
    if (rows.subarray(row * columns, (row + 1) * columns).some(value => value !== 0)) known.push(row);
  }
  const drawn = createRng(seed).shuffle(Uint32Array.from(known)).subarray(0, most);
  return drawn.slice().sort();
}

function subsetOf({ rows, columns, views }: Items, sample: Uint32Array): Items {
  const own = new Float32Array(sample.length * columns);
  for (const [at, row] of sample.entries()) {
    own.set(rows.subarray(row * columns, (row + 1) * columns), at * columns);
  }
  return {
    rows: own,
    columns,
    views: views.map(({ counts, weight }) => ({ counts: rowsOf(counts, sample), weight })),
  };
}

/** Clusters once: k-means with more than k clusters, refined, pruned to k, and refined again. Returns shares. [items × k] */
async function clusterOnce(
  { rows, columns, views }: Items,
  k: number,
  { specificity: power, emIterations }: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Float32Array> {
  const count = rows.length / columns;
  const starts =
    emIterations > 0 ? Math.min(Math.ceil(startsPerTag * k), Math.max(k, Math.floor(count / 5))) : k;
  const options = { ...meansOptions, k: starts, seed, restarts: emIterations > 0 ? 1 : 4 };
  const { labels } = await sphericalKMeans(rows, columns, options, onPass);
  const first = sharesOfLabels(labels, starts);
  const refined = await refineShares(
    views,
    first,
    { tags: starts, iterations: Math.ceil(emIterations / 2), power },
    onPass,
  );
  const pruned = await pruneTags(
    views,
    refined,
    { tags: starts, iterations: emIterations, power },
    k,
    onPass,
  );
  return refineShares(views, pruned, { tags: k, iterations: emIterations, power }, onPass);
}

/** Computes the shares of all items from those of a sample. [items × k] */
function spread(
  all: readonly View[],
  sampled: readonly View[],
  shares: Float32Array,
  k: number,
  power: number,
): Float32Array {
  const priors = priorsOf(shares, k);
  const logs = Float64Array.from({ length: all[0].counts.rows * k }, (_, at) => Math.log(priors[at % k]));
  for (const [at, { counts }] of sampled.entries()) {
    addEvidence(all[at], evidenceOf(usesOf(counts, shares, k), priors, power), k, logs);
  }
  const out = new Float32Array(logs.length);
  for (let start = 0; start < logs.length; start += k) softmaxInto(logs, start, k, out);
  return out;
}

/**
 * Clusters items: several times on a sample, then refines the clearest result on all items. The clearest is the one with
 * the largest mean margin between an item's first and second tag.
 *
 * @param onPass - may throw to stop
 * @returns [items × k]: shares, adding up to 1 per item
 */
export async function clusterItems(
  items: Items,
  k: number,
  config: InterestTagsConfig,
  seed: number,
  onPass: () => Promise<void>,
): Promise<Float32Array> {
  const sample = sampleOf(items, maxSampled, seed);
  const sampled = subsetOf(items, sample);
  const { specificity: power, emIterations } = config;
  let best: { readonly shares: Float32Array; readonly margin: number } | undefined;
  for (let run = 0; run < config.restarts; run++) {
    const found = await clusterOnce(sampled, k, config, seed + 101 * run, onPass);
    const margin = meanMargin(
      logShares(sampled.views, found, { tags: k, iterations: emIterations, power }),
      k,
    );
    if (!best || margin > best.margin) best = { shares: found, margin };
  }
  const start = best?.shares ?? sharesOfLabels(new Uint32Array(sample.length), k);
  const shares = spread(items.views, sampled.views, start, k, power);
  return refineShares(items.views, shares, { tags: k, iterations: emIterations, power }, onPass);
}
