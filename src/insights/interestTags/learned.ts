import type { TermTable } from '../../text/termTable';
import type { WordVectors } from '../../text/wordVectors';
import type { InterestTag } from './reading';

/** Most tags of a product or a text. */
export const mostTagsOfOne = 3;

/** All that a training leaves: the artifact in other words. */
export interface LearnedTags {
  /** Tags that hold products first, in the order of the columns below; then wider ones. */
  readonly tags: readonly InterestTag[];
  /** Tags that hold products. */
  readonly leaves: number;
  readonly terms: TermTable;
  /** What each term says of each tag (mixture.ts), less the mean over tags. [terms × leaves] */
  readonly termTags: Float32Array;
  /** Single words as vectors of length 1, zeros for pairs of words. [terms × rank] and [buckets × rank] */
  readonly vectors: WordVectors;
  /** Tag of each place of a product, -1 for none: strongest first. [products × 3] */
  readonly productTags: Int32Array;
  /** Of the same places; adding up to 1 for a product with tags. [products × 3] */
  readonly productWeights: Float32Array;
  /** Cosines of centres, 0 between tags with and without children. [tags × tags] */
  readonly likeness: Float32Array;
}

/** Shares under this are not worth a tag. */
const leastShare = 0.1;

/**
 * The strongest tags of one thing, from logarithms of its shares: at most 3, of at least a tenth each, adding up to 1.
 *
 * @param heard - how much was said: logarithms are divided by its root, as if only that much were independent
 */
export function strongestTags(
  logs: ArrayLike<number>,
  heard: number,
): readonly (readonly [tag: number, share: number])[] {
  const scale = 1 / Math.sqrt(Math.max(heard, 1e-9));
  let most = Number.NEGATIVE_INFINITY;
  for (let tag = 0; tag < logs.length; tag++) most = Math.max(most, logs[tag] * scale);
  const shares = Array.from(logs, log => Math.exp(log * scale - most));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const ranked = shares
    .map((share, tag): [number, number] => [tag, share / total])
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, mostTagsOfOne)
    .filter(([, share], place) => place === 0 || share >= leastShare);
  const kept = ranked.reduce((sum, [, share]) => sum + share, 0);
  return ranked.map(([tag, share]) => [tag, share / kept]);
}
