type Pair = readonly [a: string, b: string];

/** Counts the texts that contain each term, and those that contain both terms of each pair. */
function countOccurrences(groups: readonly (readonly Pair[])[], texts: Iterable<ReadonlySet<string>>) {
  const terms = [...new Set(groups.flat(2))];
  const placeOf = new Map(terms.map((term, place): [string, number] => [term, place]));
  const places = groups.map(pairs => Uint32Array.from(pairs.flat(), term => placeOf.get(term) ?? 0));
  const single = new Uint32Array(terms.length);
  const together = groups.map(pairs => new Uint32Array(pairs.length));
  const has = new Uint8Array(terms.length);
  let count = 0;
  for (const text of texts) {
    count++;
    for (const [place, term] of terms.entries()) {
      has[place] = Number(text.has(term));
      single[place] += has[place];
    }
    for (const [group, own] of places.entries()) {
      const both = together[group];
      for (let at = 0; at < both.length; at++) both[at] += has[own[2 * at]] & has[own[2 * at + 1]];
    }
  }
  return {
    single: new Map(terms.map((term, place): [string, number] => [term, single[place]])),
    together,
    count,
  };
}

/**
 * Topic coherence: the mean, over all pairs of terms, of the normalized pointwise mutual information of occurring in one
 * text, ln(p(a, b) / (p(a)·p(b))) / -ln p(a, b) (Bouma 2009, eq. 3; for topics: Lau, Newman & Baldwin 2014).
 * 1: always together; 0: independent; -1: never together. Pairs with a term that no text contains count -1.
 *
 * @param groups - terms of each group; groups of fewer than two terms are skipped
 * @param texts - each a set of terms
 * @returns coherence of each group; NaN for a skipped group
 */
export function coherences(
  groups: readonly (readonly string[])[],
  texts: Iterable<ReadonlySet<string>>,
): readonly number[] {
  const pairs = groups.map(terms => terms.flatMap((a, at) => terms.slice(at + 1).map((b): Pair => [a, b])));
  const { single, together, count } = countOccurrences(pairs, texts);
  const npmi = (a: string, b: string, both: number): number => {
    if (both === 0) return -1;
    if (both === count) return 1;
    const independent = ((single.get(a) ?? 0) * (single.get(b) ?? 0)) / (count * count);
    return Math.log(both / count / independent) / -Math.log(both / count);
  };
  return pairs.map((list, group) => {
    const sum = list.reduce((total, [a, b], at) => total + npmi(a, b, together[group][at]), 0);
    return list.length === 0 ? Number.NaN : sum / list.length;
  });
}
