import type { Measurement } from './evaluation';
import type { MetricName } from './metrics';

/** What the gate holds a candidate against; all measured on the same held-out data, so that users can be paired. */
export interface GateInput {
  readonly candidate: Measurement;
  /** Null for models that are themselves lists for everybody (card `servesAs: 'POPULAR'`): nothing to beat. */
  readonly popularity: Measurement | null;
  /** What serves now; null when nothing does. */
  readonly live: Measurement | null;
}

/** The gate's answer. */
export interface GateVerdict {
  readonly passed: boolean;
  /** What was compared and how it came out, for a person. */
  readonly reason: string;
}

/** What is compared: the order of the first 20, to which every hit counts by its rank. */
export const gateMetric: MetricName = 'ndcg@20';
/** How much worse than the live artifact's mean a candidate may be: data move, and noise alone must not block. */
const liveTolerance = 0.05;
/** Under so many paired users a difference is judged by its mean alone: no test could tell. */
const fewestUsersForTest = 30;
/** One-sided 95 % of the standard normal distribution. */
const z95 = 1.645;

interface Difference {
  readonly users: number;
  readonly mean: number;
  /** Lower end of the one-sided 95 % interval of the mean; the mean itself under `fewestUsersForTest` users. */
  readonly lower: number;
  readonly candidateMean: number;
  readonly otherMean: number;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Per-user differences of the users both have, with a paired z-test (users are many and differences bounded). */
function difference(candidate: Measurement, other: Measurement): Difference {
  const rank = new Map(Array.from(other.userRows, (row, index) => [row, index]));
  const [mine, theirs] = [candidate.perUser.get(gateMetric), other.perUser.get(gateMetric)];
  const pairs: [number, number][] = [];
  for (const [index, row] of candidate.userRows.entries()) {
    const at = rank.get(row);
    if (at !== undefined && mine && theirs) pairs.push([mine[index], theirs[at]]);
  }
  const differences = Float64Array.from(pairs, ([a, b]) => a - b);
  const mean = meanOf(differences);
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = Math.sqrt(squares / Math.max(1, pairs.length - 1) / Math.max(1, pairs.length));
  return {
    users: pairs.length,
    mean,
    lower: pairs.length < fewestUsersForTest ? mean : mean - z95 * error,
    candidateMean: meanOf(Float64Array.from(pairs, ([a]) => a)),
    otherMean: meanOf(Float64Array.from(pairs, ([, b]) => b)),
  };
}

const shown = (value: number): string => value.toFixed(4);

function sentence(against: string, { users, candidateMean, otherMean }: Difference): string {
  return `${gateMetric} ${shown(candidateMean)} against ${shown(otherMean)} of ${against} over ${users} users`;
}

/**
 * Whether a candidate may go live. It must beat popularity: the mean paired difference of ndcg@20 is above 0, with 95 %
 * confidence (one-sided paired z-test; by the mean alone under 30 users). And it must not fall short of the live
 * artifact's mean by more than 5 % of it. Without held-out users nothing can be said against it: it passes, and the
 * reason says so.
 */
export function gate({ candidate, popularity, live }: GateInput): GateVerdict {
  if (candidate.userRows.length === 0)
    return { passed: true, reason: 'No user has anything held out: nothing to compare on.' };
  const reasons: string[] = [];
  if (popularity) {
    const against = difference(candidate, popularity);
    if (!(against.lower > 0))
      return { passed: false, reason: `Does not beat popularity: ${sentence('popularity', against)}.` };
    reasons.push(`Beats popularity: ${sentence('popularity', against)}.`);
  }
  if (live) {
    const against = difference(candidate, live);
    if (!(against.mean >= -liveTolerance * against.otherMean))
      return { passed: false, reason: `Worse than what is live: ${sentence('the live artifact', against)}.` };
    reasons.push(`No worse than what is live: ${sentence('the live artifact', against)}.`);
  }
  return { passed: true, reason: reasons.join(' ') || 'Nothing to be compared with.' };
}
