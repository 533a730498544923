import { type Evaluation, evaluateScorer } from '../evaluation/evaluation';
import { type GateVerdict, gate } from '../evaluation/gate';
import { declares } from '../models/capability';
import type { ModelCard, Scorer } from '../models/model';
import type { ChosenSplit } from './chooseHeldOut';

/** Scorers to measure on the same held-out data. */
export interface Contenders {
  readonly card: ModelCard;
  /** Trained on the train part of the split. */
  readonly candidate: Scorer;
  /** The baseline that a personal model must beat, trained on the same part. */
  readonly baseline: Scorer;
  /** The scorer of the live artifact; null without one, or when it has seen the held-out events. */
  readonly live: Scorer | null;
}

/** Result of {@link assess}. */
export interface Assessment {
  readonly verdict: GateVerdict;
  /** The candidate's figures by name; the others' with `baseline:` and `live:` in front. Finite. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** Options of {@link assess}. */
export interface AssessOptions {
  readonly measuredUsers: number;
  readonly signal: AbortSignal;
}

function named(prefix: string, { full, coverage, users }: Evaluation): [string, number][] {
  const figures = [...Object.entries(full.means), ['coverage', coverage], ['users', users]] as [
    string,
    number,
  ][];
  return figures.filter(([, value]) => Number.isFinite(value)).map(([name, value]) => [prefix + name, value]);
}

/**
 * Measures a candidate and decides whether it passes the gate. Two kinds are measured but always pass. A model with the same
 * list for all shoppers (card `servesAs: 'POPULAR'`) is the baseline of the others. For a model that declares `complements` or
 * `buyAgain` these figures are not a measure, because they are about what a shopper chooses for the first time.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function assess(
  { card, candidate, baseline, live }: Contenders,
  { split, isFairToLive }: ChosenSplit,
  { measuredUsers, signal }: AssessOptions,
): Promise<Assessment> {
  const options = { limitUsers: measuredUsers, signal };
  const isGated = card.servesAs === 'MODEL' && !declares(card, 'complements') && !declares(card, 'buyAgain');
  const mine = await evaluateScorer(candidate, split, options);
  const base = await evaluateScorer(baseline, split, options);
  const lives = live !== null && isFairToLive ? await evaluateScorer(live, split, options) : null;
  const verdict = gate({
    candidate: mine.full,
    popularity: isGated ? base.full : null,
    live: isGated && lives !== null ? lives.full : null,
  });
  const figures = [named('', mine), named('baseline:', base), lives === null ? [] : named('live:', lives)];
  return { verdict, metrics: Object.fromEntries(figures.flat()) };
}
