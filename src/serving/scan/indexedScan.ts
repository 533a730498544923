// Approximate search that never lists what may not be listed, nor a shorter list than exact search. An index names some rows
// that are probably the best; these are masked and scored here, as the exact scan does. Where too few of them may be listed
// the index is asked for more, and beyond a depth at which it is no longer the faster one, the exact scan answers.
import { pause } from '../../numeric/pause';
import { createRng } from '../../numeric/rng';
import type { Scan } from '../../numeric/scan';
import { laneDot } from '../../numeric/scoreRows';
import { topKInto } from '../../numeric/topK';
import type { VectorIndex } from '../../store/ports/vectorIndex';

/** Vectors with their two ways of finding the best. */
export interface IndexedRows {
  /** [rows × columns]. */
  readonly rows: Float32Array;
  readonly columns: number;
  readonly exact: Scan;
  readonly index: VectorIndex;
}

/** Rows an index is asked for at first: some may not be listed. */
const firstDepth = (count: number): number => Math.max(64, 2 * count);
/** Most rows an index is asked for. */
const deepest = 512;

/** Where to look next, if `found` of `count` were found at a depth: where there would be enough, were they spread evenly. */
const deeper = (depth: number, found: number, count: number): number =>
  Math.max(2 * depth, Math.ceil((1.5 * depth * count) / Math.max(found, 1)));

/** The rows the index names that there are and that are allowed, each once, ascending. */
function namedRows(
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

/** As {@link Scan.topInto}, among what the index names. */
function topNamedInto(
  search: IndexedRows,
  query: Float32Array,
  named: Uint32Array,
  best: Uint32Array,
  scores: Float32Array,
): number {
  const { rows, columns } = search;
  const all = Float32Array.from(named, row =>
    laneDot(query, rows.subarray(row * columns, (row + 1) * columns), columns),
  );
  const found = topKInto(all, best, scores);
  for (let place = 0; place < found; place++) best[place] = named[best[place]];
  return found;
}

/**
 * A scan that asks the index. What it answers is allowed and scored bit for bit as the exact scan would; a row of the true
 * best may be missing, with a worse one in its place. It answers as many as the exact scan.
 */
export function createIndexedScan(search: IndexedRows): Scan {
  const { exact, columns } = search;
  return {
    topInto(query, best, scores, allowed) {
      const count = best.length;
      if (count === 0 || query.length !== columns) return exact.topInto(query, best, scores, allowed);
      let depth = firstDepth(count);
      while (depth <= deepest) {
        const named = namedRows(search, query, depth, allowed);
        const found = topNamedInto(search, query, named, best, scores);
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
 * Recall@20 of what the index itself finds, without help of the exact scan: the share of the exact best 20 over 200 rows
 * (all, if there are fewer) taken as queries, drawn by a fixed seed. A row that ties with the last of them counts.
 *
 * @param scored - one a row; rows whose entry is 0 are neither asked for nor found
 * @returns between 0 and 1; NaN where no row can be asked for
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
    const named = namedRows(search, query, firstDepth(listLength), scored);
    const found = topNamedInto(search, query, named, best, scores);
    for (let place = 0; place < found; place++) hits += Number(scores[place] >= last);
    wanted += length;
    await pause();
  }
  return hits / wanted;
}
