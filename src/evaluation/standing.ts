import { topKInto } from '../numeric/topK';
import { longestCutoff, type TieGroup } from './metrics';

/** The best candidates of one user. */
export interface TopList {
  readonly length: number;
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/** The `longestCutoff` best scores (NaN: not a candidate). */
export function topListOf(scores: Float32Array): TopList {
  const rows = new Uint32Array(longestCutoff);
  const kept = new Float32Array(longestCutoff);
  return { length: topKInto(scores, rows, kept), rows, scores: kept };
}

/** Counts what stands above and beside a score in the whole list. */
function countFully(scores: Float32Array, score: number): { readonly above: number; readonly tied: number } {
  let above = 0;
  let tied = 0;
  for (let row = 0; row < scores.length; row++) {
    if (scores[row] > score) above++;
    else if (scores[row] === score) tied++;
  }
  return { above, tied };
}

/** The same from the top list, for scores above its last: all their equals are in it. */
function countInTop(top: TopList, score: number): { readonly above: number; readonly tied: number } {
  return countFully(top.scores.subarray(0, top.length), score);
}

/**
 * Where a user's relevant products stand: tie groups, fewest above first. After the first group, only those that
 * reach into the first `longestCutoff` places. O(candidates), two or three passes.
 *
 * @param scores - one a product of the catalogue; NaN is not a candidate, -Infinity is one the model cannot say
 * @param relevantRows - candidates, distinct, at least one
 * @param top - topListOf(scores)
 */
export function tieGroupsOf(scores: Float32Array, relevantRows: Uint32Array, top: TopList): TieGroup[] {
  const relevant = Float32Array.from(relevantRows, row => scores[row])
    .sort()
    .reverse();
  const last = top.length < longestCutoff ? Number.NEGATIVE_INFINITY : top.scores[top.length - 1];
  const groups: TieGroup[] = [];
  for (let index = 0; index < relevant.length; ) {
    const score = relevant[index];
    if (groups.length > 0 && score < last) break;
    let count = 1;
    while (index + count < relevant.length && relevant[index + count] === score) count++;
    const { above, tied } = score > last ? countInTop(top, score) : countFully(scores, score);
    groups.push({ above, tied, relevant: count });
    index += count;
  }
  return groups;
}
