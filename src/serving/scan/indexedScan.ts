// Approximate search that never returns excluded rows, and always as many rows as exact search. An index proposes rows that
// are probably the best; these are masked and scored here as in the exact scan. When too few of them are allowed, the index
// is asked for more. Beyond the depth at which it is no longer faster, the exact scan is used.
import { pause } from '../../numeric/pause';
import { createRng } from '../../numeric/rng';
import type { Scan } from '../../numeric/scan';
import { laneDot } from '../../numeric/scoreRows';
import { topKInto } from '../../numeric/topK';
import type { VectorIndex } from '../../store/ports/vectorIndex';

/** Vectors with their exact scan and their index. */
export interface IndexedRows {
  /** [rows × columns]. */
  readonly rows: Float32Array;
  readonly columns: number;
  readonly exact: Scan;
  readonly index: VectorIndex;
}

/** Rows that an index is asked for at first: more than needed, because some may be excluded. */
const firstDepth = (count: number): number => Math.max(64, 2 * count);
/** Most rows that an index is asked for. */
const maxDepth = 512;

/** The next depth after `found` of `count` rows at this one: deep enough if allowed rows are spread evenly. */
const deeper = (depth: number, found: number, count: number): number =>
  Math.max(2 * depth, Math.ceil((1.5 * depth * count) / Math.max(found, 1)));

/** The rows that the index proposes, without duplicates and rows that are not allowed; ascending. */
function proposedRows(
  { rows, columns, index }: IndexedRows,
  query: Float32Array,
  depth: number,
  allowed?: Uint8Array,
): Uint32Array {
  const count = rows.length / columns;
  return Uint32Array.from(new Set(index.nearest(query, depth)))
    .filter(row => row < count && (allowed === undefined || allowed[row] === 1))
    .sort();
}

/** As {@link Scan.topInto}, among proposed rows. */
function topProposedInto(
  search: IndexedRows,
  query: Float32Array,
  proposed: Uint32Array,
  best: Uint32Array,
  scores: Float32Array,
): number {
  const { rows, columns } = search;
  const all = Float32Array.from(proposed, row =>
    laneDot(query, rows.subarray(row * columns, (row + 1) * columns), columns),
  );
  const found = topKInto(all, best, scores);
  for (let place = 0; place < found; place++) best[place] = proposed[best[place]];
  return found;
}

/**
 * A scan that uses the index. Its rows are allowed, and their scores are bit for bit those of the exact scan. One of the
 * true best rows may be missing, with a worse one in its place. It returns as many rows as the exact scan.
 */
export function createIndexedScan(search: IndexedRows): Scan {
  const { exact, columns } = search;
  return {
    topInto(query, best, scores, allowed) {
      const count = best.length;
      if (count === 0 || query.length !== columns) return exact.topInto(query, best, scores, allowed);
      let depth = firstDepth(count);
      while (depth <= maxDepth) {
        const proposed = proposedRows(search, query, depth, allowed);
        const found = topProposedInto(search, query, proposed, best, scores);
        if (found === count) return found;
        depth = deeper(depth, found, count);
      }
      return exact.topInto(query, best, scores, allowed);
    },
  };
}

const sampleSize = 200;
const listLength = 20;
const sampleSeed = 1;

/**
 * Measures the recall@20 of the index alone: the share of the exact best 20 that it finds. Queries are 200 rows (all, if
 * there are fewer), drawn with a fixed seed. A row that ties with the last of the exact best counts.
 *
 * @param scored - one per row; rows whose entry is 0 are neither queries nor results
 * @returns between 0 and 1; NaN when there is no query
 */
export async function measureRecall(search: IndexedRows, scored?: Uint8Array): Promise<number> {
  const { rows, columns, exact } = search;
  const every = Array.from({ length: rows.length / columns }, (_, row) => row);
  const queries = createRng(sampleSeed)
    .shuffle(every.filter(row => scored === undefined || scored[row] === 1))
    .slice(0, sampleSize);
  const [best, scores] = [new Uint32Array(listLength), new Float32Array(listLength)];
  let [hits, wanted] = [0, 0];
  for (const row of queries) {
    const query = rows.slice(row * columns, (row + 1) * columns);
    const length = exact.topInto(query, best, scores, scored);
    const last = scores[length - 1];
    const proposed = proposedRows(search, query, firstDepth(listLength), scored);
    const found = topProposedInto(search, query, proposed, best, scores);
    for (let place = 0; place < found; place++) hits += Number(scores[place] >= last);
    wanted += length;
    await pause();
  }
  return hits / wanted;
}
