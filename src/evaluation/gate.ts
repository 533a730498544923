import type { Measurement } from './evaluation';
import type { MetricName } from './metrics';

/** Measurements to compare, all on the same held-out data, so that users can be paired. */
export interface GateInput {
  readonly candidate: Measurement;
  /** Null for models that give every user the same list (card `servesAs: 'POPULAR'`): there is nothing to beat. */
  readonly popularity: Measurement | null;
  /** The live artifact; null when there is none. */
  readonly live: Measurement | null;
}

/** The decision of the gate. */
export interface GateVerdict {
  readonly passed: boolean;
  /** The comparison and its result, as text for people. */
  readonly reason: string;
}

/** The metric to compare: it covers the first 20 products, and every hit counts by its rank. */
export const gateMetric: MetricName = 'ndcg@20';
/** A candidate may be this share worse than the live artifact: data change, and noise alone must not block it. */
const liveTolerance = 0.05;
/** With fewer paired users the mean difference decides without a test, which would have no power. */
const minUsersForTest = 30;
/**
 * One-sided 99 % of the standard normal distribution. A shop trains several models at a time, night after night: at 95 % one
 * in twenty that learned nothing would be published.
 */
const z99 = 2.326;

interface Difference {
  readonly users: number;
  readonly mean: number;
  /** Lower end of the one-sided 99 % interval of the mean; the mean itself under `minUsersForTest` users. */
  readonly lower: number;
  readonly candidateMean: number;
  readonly otherMean: number;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Per-user differences over the users of both, with a paired z-test: users are many and differences bounded. */
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
    lower: pairs.length < minUsersForTest ? mean : mean - z99 * error,
    candidateMean: meanOf(Float64Array.from(pairs, ([a]) => a)),
    otherMean: meanOf(Float64Array.from(pairs, ([, b]) => b)),
  };
}

const shown = (value: number): string => value.toFixed(4);

function sentence(against: string, { users, candidateMean, otherMean }: Difference): string {
  return `${gateMetric} ${shown(candidateMean)} against ${shown(otherMean)} of ${against} over ${users} users`;
}

/**
 * Decides whether a candidate may be published. It must beat popularity: the mean paired difference of ndcg@20 is above
 * 0 with 99 % confidence (one-sided paired z-test; under 30 users, without the test). It must also reach 95 % of the
 * mean of the live artifact. Without held-out users it passes, and the reason says so.
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
      return {
        passed: false,
        reason: `Worse than the live artifact: ${sentence('the live artifact', against)}.`,
      };
    reasons.push(`No worse than the live artifact: ${sentence('the live artifact', against)}.`);
  }
  return { passed: true, reason: reasons.join(' ') || 'Nothing to compare with.' };
}
