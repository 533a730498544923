/** The highest scores of a list, best first. */
export interface TopK {
  /** Rows found: fewer than k when fewer scores are allowed and not NaN. */
  readonly length: number;
  /** Row of each; entries from `length` on are undefined. */
  readonly rows: Uint32Array;
  /** Score of each; entries from `length` on are undefined. */
  readonly scores: Float32Array;
}

/** Returns whether (score, row) ranks below (otherScore, otherRow): a lower score, or an equal score and a higher row. */
const ranksBelow = (score: number, row: number, otherScore: number, otherRow: number): boolean =>
  score < otherScore || (score === otherScore && row > otherRow);

/**
 * Restores a min-heap over two parallel arrays. The root is the worst kept pair and every other pair is compared with it
 * alone, so that a scan of N scores costs N comparisons and about k·ln(N/k) sifts.
 */
function siftDown(rows: Uint32Array, scores: Float32Array, size: number, from: number): void {
  const row = rows[from];
  const score = scores[from];
  let hole = from;
  for (let child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
    const right = child + 1;
    if (right < size && ranksBelow(scores[right], rows[right], scores[child], rows[child])) child = right;
    if (!ranksBelow(scores[child], rows[child], score, row)) break;
    rows[hole] = rows[child];
    scores[hole] = scores[child];
    hole = child;
  }
  rows[hole] = row;
  scores[hole] = score;
}

/** Sorts the heap's pairs from best to worst, in place (the second half of heap sort). */
function sortHeap(rows: Uint32Array, scores: Float32Array, size: number): void {
  for (let last = size - 1; last > 0; last--) {
    [rows[0], rows[last]] = [rows[last], rows[0]];
    [scores[0], scores[last]] = [scores[last], scores[0]];
    siftDown(rows, scores, last, 0);
  }
}

/**
 * Returns the k highest scores, best first. Ties go to the lower row, so that equal scores give equal lists everywhere.
 * NaN is never returned; infinities are ordinary numbers. O(N + k·log k·ln(N/k)); allocates only the result.
 *
 * @param scores - one per row
 * @param k - number of rows to return, ≥ 0
 * @param allowed - same length as scores; rows with 0 are skipped
 */
export function topK(scores: Float32Array, k: number, allowed?: Uint8Array): TopK {
  const rows = new Uint32Array(Math.min(k, scores.length));
  const kept = new Float32Array(rows.length);
  return { length: topKInto(scores, rows, kept, allowed), rows, scores: kept };
}

/**
 * As {@link topK}, into arrays of the caller (their length is k), without allocating.
 *
 * @returns the number of rows found
 */
export function topKInto(
  scores: Float32Array,
  rows: Uint32Array,
  kept: Float32Array,
  allowed?: Uint8Array,
): number {
  const k = rows.length;
  if (k === 0) return 0;
  let size = 0;
  let row = 0;
  for (; row < scores.length && size < k; row++) {
    const score = scores[row];
    if (Number.isNaN(score) || (allowed !== undefined && allowed[row] === 0)) continue;
    rows[size] = row;
    kept[size++] = score;
  }
  for (let parent = (size >> 1) - 1; parent >= 0; parent--) siftDown(rows, kept, size, parent);
  let worst = kept[0];
  for (; row < scores.length; row++) {
    // Rows ascend, so a tie with the worst kept pair ranks below it. NaN compares false.
    if (!(scores[row] > worst) || (allowed !== undefined && allowed[row] === 0)) continue;
    rows[0] = row;
    kept[0] = scores[row];
    siftDown(rows, kept, k, 0);
    worst = kept[0];
  }
  sortHeap(rows, kept, size);
  return size;
}
