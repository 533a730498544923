// Compares the approximate index (hnswlib-node, if installed) with exact search. Synthetic products form clusters and have
// different lengths, as caused by popularity; shoppers are means of eight products of a cluster, with noise.
// node scripts/bench.mjs hnsw [--products 100000] [--columns 64] [--clusters 300]; NODE_PATH may point to the library
import { parseArgs } from 'node:util';
import { createRng } from '../src/numeric/rng';
import { createScan, type Scan } from '../src/numeric/scan';
import { createIndexedScan, measureRecall } from '../src/serving/scan/indexedScan';
import { createHnswIndexer, loadHnswLibrary } from '../src/store/hnsw/hnswIndexer';
import type { VectorIndexer } from '../src/store/ports/vectorIndex';
import { environmentLine, medianOf } from './environment';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '100000' },
    columns: { type: 'string', default: '64' },
    clusters: { type: 'string', default: '300' },
  },
});
const [products, columns, clusters] = [
  Number(options.products),
  Number(options.columns),
  Number(options.clusters),
];
const listLength = 20;
const shoppers = 1000;
const rng = createRng(1);

function makeRows(): Float32Array {
  const centres = Float32Array.from({ length: clusters * columns }, () => rng.gaussian());
  const rows = new Float32Array(products * columns);
  for (let row = 0; row < products; row++) {
    const length = 0.5 + rng.uniform();
    const centre = (row % clusters) * columns;
    for (let k = 0; k < columns; k++)
      rows[row * columns + k] = length * (centres[centre + k] + 0.7 * rng.gaussian());
  }
  return rows;
}

/** Generates the query of a shopper of one cluster. */
function makeQuery(rows: Float32Array): Float32Array {
  const cluster = rng.int(clusters);
  const query = Float32Array.from({ length: columns }, () => 0.3 * rng.gaussian());
  for (let bought = 0; bought < 8; bought++) {
    const row = cluster + clusters * rng.int(Math.floor(products / clusters));
    for (let k = 0; k < columns; k++) query[k] += rows[row * columns + k] / 8;
  }
  return query;
}

/** Searches for every shopper, after a warm-up with a tenth of them; median in milliseconds, rate per second. */
function searchAll(
  scan: Scan,
  queries: readonly Float32Array[],
  allowed?: Uint8Array,
): { readonly lists: readonly Uint32Array[]; readonly median: number; readonly rate: number } {
  const scores = new Float32Array(listLength);
  const lists = queries.map(() => new Uint32Array(listLength));
  for (const query of queries.slice(0, shoppers / 10)) scan.topInto(query, lists[0], scores, allowed);
  const times = queries.map((query, at) => {
    const before = performance.now();
    scan.topInto(query, lists[at], scores, allowed);
    return performance.now() - before;
  });
  return { lists, median: medianOf(times), rate: (1000 * times.length) / times.reduce((a, b) => a + b) };
}

/** Recall: share of the exact lists that the other lists contain. */
function shareOf(exact: readonly Uint32Array[], others: readonly Uint32Array[]): number {
  const hits = exact.map((list, at) => list.filter(row => others[at].includes(row)).length);
  return hits.reduce((a, b) => a + b) / (exact.length * listLength);
}

function openIndexer(): VectorIndexer | null {
  try {
    return createHnswIndexer(loadHnswLibrary());
  } catch (error) {
    console.log(`No index to measure. ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

async function main(): Promise<void> {
  console.log(
    `${environmentLine()}; ${products} × ${columns} in ${clusters} clusters, lists of ${listLength}`,
  );
  const indexer = openIndexer();
  if (indexer === null) return;
  const rows = makeRows();
  const queries = Array.from({ length: shoppers }, () => makeQuery(rows));
  const start = performance.now();
  const exact = await createScan(rows, columns);
  const scanned = performance.now();
  const index = await indexer.build(rows, columns, new AbortController().signal);
  const built = performance.now();
  const search = { rows, columns, exact, index };
  const recall = await measureRecall(search);
  console.log(
    `built once: scan ${((scanned - start) / 1000).toFixed(2)} s, index ${((built - scanned) / 1000).toFixed(1)} s; ` +
      `recall@20 of the index, 200 products as queries (what serving measures): ${recall.toFixed(4)}`,
  );
  const indexed = createIndexedScan(search);
  for (const share of [1, 0.25, 0.02]) {
    const allowed = Uint8Array.from({ length: products }, () => Number(rng.uniform() < share));
    const truth = searchAll(exact, queries, allowed);
    const near = searchAll(indexed, queries, allowed);
    const found = shareOf(truth.lists, near.lists);
    console.log(
      `${(100 * share).toFixed(0).padStart(3)} % of the products allowed: exact ${truth.median.toFixed(3)} ms (${truth.rate.toFixed(0)} /s), ` +
        `index ${near.median.toFixed(3)} ms (${near.rate.toFixed(0)} /s), recall@20 over ${shoppers} shoppers ${found.toFixed(4)}`,
    );
  }
}

void main();
