import { actionCount } from '../step';
import { type ActionTargets, returnDays, unknownTarget } from '../targets';

/** Where each question's numbers stand among those of a forecast. */
export const outcomePlaces = {
  /** Followed by the shares of all actions. */
  actions: 0,
  minutes: actionCount,
  purchase: actionCount + 1,
  abandonment: actionCount + 2,
  /** Followed by those of {@link returnDays}. */
  returns: actionCount + 3,
} as const;
/** How many numbers a forecast has, categories apart. */
export const outcomeCount = outcomePlaces.returns + returnDays.length;

/** What is thought of each number before anything was seen: all actions alike, a minute, even chances. */
export const outcomesUnseen: Float64Array = new Float64Array(outcomeCount)
  .fill(1 / actionCount, 0, actionCount)
  .fill(1, outcomePlaces.minutes, outcomePlaces.purchase)
  .fill(0.5, outcomePlaces.purchase);

const flagOf = (target: number): number => (target === unknownTarget ? Number.NaN : target);

/**
 * What came after a step, as the numbers that a forecast would have had to say; NaN where it is not known.
 *
 * @param out - [outcomeCount]
 */
export function writeOutcomes(targets: ActionTargets, step: number, out: Float64Array): void {
  const next = targets.next[step];
  out.fill(next === unknownTarget ? Number.NaN : 0, 0, actionCount);
  if (next !== unknownTarget) out[next] = 1;
  out[outcomePlaces.minutes] = targets.minutes[step];
  out[outcomePlaces.purchase] = flagOf(targets.purchase[step]);
  out[outcomePlaces.abandonment] = flagOf(targets.abandonment[step]);
  for (const [index, returns] of targets.returns.entries())
    out[outcomePlaces.returns + index] = flagOf(returns[step]);
}
