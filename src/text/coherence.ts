type Pair = readonly [a: string, b: string];

/** In how many texts each term, and both terms of each pair, stand. */
function countStanding(groups: readonly (readonly Pair[])[], texts: Iterable<ReadonlySet<string>>) {
  const single = new Map(groups.flat(2).map((term): [string, number] => [term, 0]));
  const together = groups.map(pairs => new Uint32Array(pairs.length));
  let count = 0;
  for (const text of texts) {
    count++;
    for (const [term, seen] of single) if (text.has(term)) single.set(term, seen + 1);
    for (const [group, pairs] of groups.entries()) {
      for (const [at, [a, b]] of pairs.entries()) together[group][at] += Number(text.has(a) && text.has(b));
    }
  }
  return { single, together, count };
}

/**
 * How well terms belong together: the mean, over all pairs, of normalised pointwise mutual information of standing in
 * one text (Bouma 2009, eq. 3; as a measure of topics: Lau, Newman & Baldwin 2014): ln(p(a, b) / (p(a)·p(b))) / -ln p(a, b).
 * 1: always together; 0: as by chance; -1: never. Terms of no text, and the pairs of all others with them, count -1.
 *
 * @param groups - terms of each group, two or more; smaller groups are passed over
 * @param texts - each a set of terms
 * @returns mean of each group, NaN for one passed over
 */
export function coherences(
  groups: readonly (readonly string[])[],
  texts: Iterable<ReadonlySet<string>>,
): readonly number[] {
  const pairs = groups.map(terms => terms.flatMap((a, at) => terms.slice(at + 1).map((b): Pair => [a, b])));
  const { single, together, count } = countStanding(pairs, texts);
  const likeness = (a: string, b: string, both: number): number => {
    if (both === 0) return -1;
    if (both === count) return 1;
    const apart = ((single.get(a) ?? 0) * (single.get(b) ?? 0)) / (count * count);
    return Math.log(both / count / apart) / -Math.log(both / count);
  };
  return pairs.map((list, group) => {
    const sum = list.reduce((total, [a, b], at) => total + likeness(a, b, together[group][at]), 0);
    return list.length === 0 ? Number.NaN : sum / list.length;
  });
}
