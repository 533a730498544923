/** A step of a grouping: two groups that became one. */
interface Merge {
  readonly into: number;
  readonly from: number;
}

/** Likeness of two groups joined to a third: the mean over members (average linkage; Lance & Williams 1967). */
function join(likeness: Float64Array, weights: Float64Array, { into, from }: Merge): void {
  const count = weights.length;
  const total = weights[into] + weights[from];
  for (let other = 0; other < count; other++) {
    const mean =
      (weights[into] * likeness[into * count + other] + weights[from] * likeness[from * count + other]) /
      total;
    likeness[into * count + other] = mean;
    likeness[other * count + into] = mean;
  }
  weights[into] = total;
  weights[from] = 0;
}

/** The two living groups most alike; of equals the first. */
function closest(likeness: Float64Array, weights: Float64Array): Merge & { readonly likeness: number } {
  const count = weights.length;
  let best = { into: 0, from: 0, likeness: Number.NEGATIVE_INFINITY };
  for (let into = 0; into < count; into++) {
    if (weights[into] === 0) continue;
    for (let from = into + 1; from < count; from++) {
      const found = likeness[into * count + from];
      if (weights[from] > 0 && found > best.likeness) best = { into, from, likeness: found };
    }
  }
  return best;
}

/**
 * Groups things by joining the two groups most alike, over and over (average linkage, Sokal & Michener 1958), until
 * `groups` are left or none are as alike as `leastLikeness`. O(count³); for some hundred things.
 *
 * @param likeness - [count × count], symmetric
 * @param weights - [count], > 0: how much each counts in the mean
 * @returns group of each thing, numbered from 0 in order of the first member
 */
export function agglomerate(
  likeness: Float64Array,
  weights: Float64Array,
  groups: number,
  leastLikeness = Number.NEGATIVE_INFINITY,
): Uint32Array {
  const own = likeness.slice();
  const left = weights.slice();
  const joined = Int32Array.from(left.keys());
  for (let living = left.length; living > Math.max(1, groups); living--) {
    const merge = closest(own, left);
    if (!(merge.likeness >= leastLikeness) || merge.from === merge.into) break;
    join(own, left, merge);
    for (const [at, group] of joined.entries()) if (group === merge.from) joined[at] = merge.into;
  }
  const numbers = new Map<number, number>();
  return Uint32Array.from(joined, group => {
    const number = numbers.get(group) ?? numbers.size;
    numbers.set(group, number);
    return number;
  });
}
