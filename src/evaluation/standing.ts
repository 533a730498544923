import { topKInto } from '../numeric/topK';
import { longestCutoff, type TieGroup } from './metrics';

/** The candidates with the highest scores for one user. */
export interface TopList {
  readonly length: number;
  readonly rows: Uint32Array;
  readonly scores: Float32Array;
}

/** Returns the `longestCutoff` highest scores. NaN is not a candidate. */
export function topListOf(scores: Float32Array): TopList {
  const rows = new Uint32Array(longestCutoff);
  const kept = new Float32Array(longestCutoff);
  return { length: topKInto(scores, rows, kept), rows, scores: kept };
}

/** Counts the scores above and equal to a score in the whole list. */
function countFully(scores: Float32Array, score: number): { readonly above: number; readonly tied: number } {
  let above = 0;
  let tied = 0;
  for (let row = 0; row < scores.length; row++) {
    if (scores[row] > score) above++;
    else if (scores[row] === score) tied++;
  }
  return { above, tied };
}

/** The same from the top list. Valid for scores above its last one, since all equal scores are in it. */
function countInTop(top: TopList, score: number): { readonly above: number; readonly tied: number } {
  return countFully(top.scores.subarray(0, top.length), score);
}

/**
 * Returns the tie groups of a user's relevant products, fewest candidates above first. After the first group, only those
 * that reach into the first `longestCutoff` positions. O(candidates), two or three passes.
 *
 * @param scores - one per product of the catalogue; NaN is not a candidate, -Infinity has no score of the model
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
