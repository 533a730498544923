import type { TermTable } from '../../text/termTable';
import type { WordVectors } from '../../text/wordVectors';
import type { InterestTag } from './reading';

/** Most tags per product or text. */
export const maxTagsPerItem = 3;

/** Everything that a training learned: the contents of the artifact. */
export interface LearnedTags {
  /** First the tags with products, in the order of the columns below; then the wider ones. */
  readonly tags: readonly InterestTag[];
  /** Number of tags with products. */
  readonly leaves: number;
  readonly terms: TermTable;
  /** s·ln p(term | tag) of mixture.ts, minus its mean over tags. [terms × leaves] */
  readonly termTags: Float32Array;
  /** Vectors of single words, of length 1; zeros for pairs of words. [terms × rank] and [buckets × rank] */
  readonly vectors: WordVectors;
  /** Tags of each product, strongest first; -1 for none. [products × 3] */
  readonly productTags: Int32Array;
  /** Weights of the same tags; they add up to 1 for a product with tags. [products × 3] */
  readonly productWeights: Float32Array;
  /** Cosines of centres; 0 between tags with and without children. [tags × tags] */
  readonly similarity: Float32Array;
}

/** A second or third tag with a smaller share is dropped. */
const minShare = 0.1;

/**
 * Returns the strongest tags of one item from logarithms of its shares: at most 3, shares of at least 0.1, adding up to 1.
 *
 * @param tokens - weight of the item's tokens; logarithms are divided by its square root, because tokens of one text are
 * not independent
 */
export function strongestTags(
  logs: ArrayLike<number>,
  tokens: number,
): readonly (readonly [tag: number, share: number])[] {
  const scale = 1 / Math.sqrt(Math.max(tokens, 1e-9));
  let highest = Number.NEGATIVE_INFINITY;
  for (let tag = 0; tag < logs.length; tag++) highest = Math.max(highest, logs[tag] * scale);
  const shares = Array.from(logs, log => Math.exp(log * scale - highest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const ranked = shares
    .map((share, tag): [number, number] => [tag, share / total])
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, maxTagsPerItem)
    .filter(([, share], place) => place === 0 || share >= minShare);
  const kept = ranked.reduce((sum, [, share]) => sum + share, 0);
  return ranked.map(([tag, share]) => [tag, share / kept]);
}
