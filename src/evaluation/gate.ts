import type { Measurement } from './evaluation';
import type { MetricName } from './metrics';

/** What a candidate is compared with. */
export interface GateBaseline {
  /** As it is named in the reason. */
  readonly name: string;
  readonly measurement: Measurement;
  /**
   * `beat`: the candidate must be better, or the shop gains nothing by it. `reach`: it must not be worse, where the candidate also
   * says what the baseline cannot.
   */
  readonly rule: 'beat' | 'reach';
}

/** One thing that a candidate was asked, with everything measured on the same questions, so that these can be paired. */
export interface GateCheck {
  /** What was to be found, as in `products new to the shopper`. */
  readonly asked: string;
  /** What the figures are means over, as in `shoppers`. */
  readonly units: string;
  readonly candidate: Measurement;
  /** Null where there is nothing to beat. */
  readonly baseline: GateBaseline | null;
  /** The live artifact; null when there is none, or when it has seen the held-out events. */
  readonly live: Measurement | null;
}

/** The decision of the gate. */
export interface GateVerdict {
  readonly passed: boolean;
  /** The comparisons and their results, as text for people. */
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
  /** Half of the interval of the mean, one-sided 99 %; 0 under `minUsersForTest` users. */
  readonly margin: number;
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
    margin: pairs.length < minUsersForTest ? 0 : z99 * error,
    candidateMean: meanOf(Float64Array.from(pairs, ([a]) => a)),
    otherMean: meanOf(Float64Array.from(pairs, ([, b]) => b)),
  };
}

const shown = (value: number): string => value.toFixed(4);

function sentence(against: string, units: string, { users, candidateMean, otherMean }: Difference): string {
  return `${gateMetric} ${shown(candidateMean)} against ${shown(otherMean)} of ${against} over ${users} ${units}`;
}

/** Results of each rule, as text. */
const baselineWords = {
  beat: { passed: 'Beats', failed: 'Does not beat' },
  reach: { passed: 'No worse than', failed: 'Worse than' },
} as const;

function againstBaseline({ asked, units, candidate }: GateCheck, baseline: GateBaseline): GateVerdict {
  const { name, measurement, rule } = baseline;
  const against = difference(candidate, measurement);
  const { mean, margin } = against;
  const passed = rule === 'beat' ? mean - margin > 0 : mean + margin >= 0;
  const words = baselineWords[rule][passed ? 'passed' : 'failed'];
  return { passed, reason: `${words} ${name} on ${asked}: ${sentence(name, units, against)}.` };
}

function againstLive({ asked, units, candidate }: GateCheck, live: Measurement): GateVerdict {
  const against = difference(candidate, live);
  const passed = against.mean >= -liveTolerance * against.otherMean;
  const words = passed ? 'No worse than' : 'Worse than';
  const name = 'the live artifact';
  return { passed, reason: `${words} ${name} on ${asked}: ${sentence(name, units, against)}.` };
}

function verdictsOf(check: GateCheck): readonly GateVerdict[] {
  const { asked, units, candidate, baseline, live } = check;
  if (candidate.userRows.length === 0)
    return [{ passed: true, reason: `No ${units} to ask for ${asked}: nothing to compare on.` }];
  return [
    ...(baseline === null ? [] : [againstBaseline(check, baseline)]),
    ...(live === null ? [] : [againstLive(check, live)]),
  ];
}

/**
 * Decides whether a candidate may be published: it passes every comparison of every check. A baseline to `beat` is beaten when the
 * mean paired difference of ndcg@20 is above 0 with 99 % confidence (one-sided paired z-test; under 30 users, without the
 * test). One to `reach` is reached unless the difference is below 0 with the same confidence. The candidate must also reach
 * 95 % of the mean of the live artifact. A check without held-out users passes, and the reason says so.
 */
export function gate(checks: readonly GateCheck[]): GateVerdict {
  const verdicts = checks.flatMap(verdictsOf);
  const failed = verdicts.find(({ passed }) => !passed);
  const reason = verdicts.map(verdict => verdict.reason).join(' ') || 'Nothing to compare with.';
  return failed ?? { passed: true, reason };
}
