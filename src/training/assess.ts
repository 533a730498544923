import { type Evaluation, evaluateScorer } from '../evaluation/evaluation';
import { type GateVerdict, gate } from '../evaluation/gate';
import type { ModelCard, Scorer } from '../models/model';
import type { ChosenSplit } from './chooseHeldOut';

/** Scorers to measure on the same held-out data. */
export interface Contenders {
  readonly card: ModelCard;
  /** Trained on the train part of the split. */
  readonly candidate: Scorer;
  /** What a personal model must beat, trained on the same part. */
  readonly baseline: Scorer;
  /** What serves now; null when nothing does, or when it has seen what is held out. */
  readonly live: Scorer | null;
}

/** What came of it. */
export interface Assessment {
  readonly verdict: GateVerdict;
  /** The candidate's figures by name; the others' with `baseline:` and `live:` in front. Finite. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** How to assess. */
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
 * Measures and judges. A model that is one list for everybody (card `servesAs: 'POPULAR'`) is what others are held
 * against, and better fresh than stale: it is measured, but nothing holds it back. Nor does it one that knows carts only
 * (card `complements`): these figures are about taste.
 *
 * @throws {GatewayError} CANCELLED
 */
export async function assess(
  { card, candidate, baseline, live }: Contenders,
  { split, isFairToLive }: ChosenSplit,
  { measuredUsers, signal }: AssessOptions,
): Promise<Assessment> {
  const options = { limitUsers: measuredUsers, signal };
  const isGated = card.servesAs === 'MODEL' && card.complements !== true;
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
