import type { RankedCandidate } from './candidatePool';
import type { PoolPolicy } from './rank';

/**
 * Each source fills the places that earlier ones left open, so most requests ask one source. Scores of different sources
 * do not compare: those of a later source are shifted (not scaled) until its best equals the last before it. A list's
 * scores never rise, and differences within a source keep their meaning.
 */
export const topUpPolicy: PoolPolicy = {
  quota: (first, proposed) => first - proposed,
  order({ candidates }) {
    const ranked: RankedCandidate[] = [];
    let [current, shift] = [-1, 0];
    for (const candidate of candidates) {
      const { source, score } = candidate.scores[0];
      if (source !== current) {
        const last = ranked.at(-1);
        shift = last === undefined ? 0 : last.score - score;
        current = source;
      }
      ranked.push({ candidate, score: score + shift });
    }
    return ranked;
  },
};
