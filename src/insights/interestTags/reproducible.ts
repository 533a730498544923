function entropyOf(masses: Iterable<number>, total: number): number {
  let entropy = 0;
  for (const mass of masses) if (mass > 0) entropy -= (mass / total) * Math.log(mass / total);
  return entropy;
}

const add = <Key>(counts: Map<Key, number>, key: Key, mass: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + mass);
};

/**
 * Returns the reproducible information of a clustering: H·(r − λ·(1 − r)), in nats. H is the mean entropy of the two
 * clusterings, and r the share of it that one says about the other, above chance: (I − E) / (H − E), with I their mutual
 * information and E ≈ (a − 1)·(b − 1) / 2n that of unrelated clusterings of n items (Miller 1955). More clusters say more as
 * long as another training finds them again, and cost more than they say when it does not. 0 for a single cluster; may be
 * negative.
 *
 * @param a - cluster of each item, from one training
 * @param b - from another training
 * @param masses - how much each item counts, > 0
 * @param lossWeight - λ: how many nats that are found again make up for one that is not
 */
export function reproducibleInformation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  masses: ArrayLike<number>,
  lossWeight: number,
): number {
  const [left, right] = [new Map<number, number>(), new Map<number, number>()];
  const both = new Map<string, number>();
  let total = 0;
  for (let at = 0; at < masses.length; at++) {
    total += masses[at];
    add(left, a[at], masses[at]);
    add(right, b[at], masses[at]);
    add(both, `${a[at]} ${b[at]}`, masses[at]);
  }
  const [ofLeft, ofRight, ofBoth] = [left, right, both].map(counts => entropyOf(counts.values(), total));
  const entropy = (ofLeft + ofRight) / 2;
  const byChance = ((left.size - 1) * (right.size - 1)) / (2 * masses.length);
  const shared = ofLeft + ofRight - ofBoth;
  const found = entropy > byChance ? Math.max(0, (shared - byChance) / (entropy - byChance)) : 0;
  return entropy * (found - lossWeight * (1 - found));
}

/**
 * Returns the mean reproducible information of all pairs of clusterings of the same items. Three pairs of three clusterings vary
 * less between draws of the items than the two with the first of them.
 *
 * @param labels - cluster of each item, from each training; at least two
 */
export function meanInformation(
  labels: readonly Uint32Array[],
  masses: Float32Array,
  lossWeight: number,
): number {
  let sum = 0;
  for (const [at, own] of labels.entries()) {
    for (const other of labels.slice(at + 1)) sum += reproducibleInformation(own, other, masses, lossWeight);
  }
  return sum / ((labels.length * (labels.length - 1)) / 2);
}
