/** One merge step: group `from` is merged into group `into`. */
interface Merge {
  readonly into: number;
  readonly from: number;
}

/** Similarity of a merged group to every other: the weighted mean (average linkage; Lance & Williams 1967). */
function updateSimilarities(similarity: Float64Array, weights: Float64Array, { into, from }: Merge): void {
  const count = weights.length;
  const total = weights[into] + weights[from];
  for (let other = 0; other < count; other++) {
    const mean =
      (weights[into] * similarity[into * count + other] + weights[from] * similarity[from * count + other]) /
      total;
    similarity[into * count + other] = mean;
    similarity[other * count + into] = mean;
  }
  weights[into] = total;
  weights[from] = 0;
}

/** The most similar pair of the remaining groups; the first of equal pairs. */
function mostSimilarPair(
  similarity: Float64Array,
  weights: Float64Array,
): Merge & { readonly similarity: number } {
  const count = weights.length;
  let best = { into: 0, from: 0, similarity: Number.NEGATIVE_INFINITY };
  for (let into = 0; into < count; into++) {
    if (weights[into] === 0) continue;
    for (let from = into + 1; from < count; from++) {
      const found = similarity[into * count + from];
      if (weights[from] > 0 && found > best.similarity) best = { into, from, similarity: found };
    }
  }
  return best;
}

/**
 * Agglomerative clustering with average linkage (Sokal & Michener 1958): merges the most similar pair of groups until
 * `groups` remain or no pair reaches `minSimilarity`. O(count³): meant for a few hundred elements.
 *
 * @param similarity - [count × count], symmetric
 * @param weights - [count], > 0: weight of each element in the mean
 * @returns group of each element, numbered from 0 in order of the first member
 */
export function agglomerate(
  similarity: Float64Array,
  weights: Float64Array,
  groups: number,
  minSimilarity = Number.NEGATIVE_INFINITY,
): Uint32Array {
  const own = similarity.slice();
  const left = weights.slice();
  const groupOf = Int32Array.from(left.keys());
  for (let remaining = left.length; remaining > Math.max(1, groups); remaining--) {
    const merge = mostSimilarPair(own, left);
    if (!(merge.similarity >= minSimilarity) || merge.from === merge.into) break;
    updateSimilarities(own, left, merge);
    for (const [at, group] of groupOf.entries()) if (group === merge.from) groupOf[at] = merge.into;
  }
  const numbers = new Map<number, number>();
  return Uint32Array.from(groupOf, group => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
}
