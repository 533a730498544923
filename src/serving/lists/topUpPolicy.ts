import type { RankedCandidate } from './candidatePool';
import type { PoolPolicy } from './rank';

/**
 * Each source fills the places that earlier ones left open, so most requests ask one source. Scores of different sources
 * do not compare: those of a later source are shifted (not scaled) until its best equals the last before it. A list's
 * scores never rise, and differences within a source keep their meaning.
 */
export const topUpPolicy: PoolPolicy = {
  quota: (first, proposed) => first - proposed,
  order({ scores, proposedBy }) {
    const ranked: RankedCandidate[] = [];
    let [current, shift] = [-1, 0];
    for (let candidate = 0; candidate < proposedBy.length; candidate++) {
      const source = proposedBy[candidate];
      const own = scores[source][candidate];
      if (source !== current) {
        shift = candidate === 0 ? 0 : ranked[candidate - 1].score - own;
        current = source;
      }
      ranked.push({ candidate, score: own + shift });
    }
    return ranked;
  },
};
