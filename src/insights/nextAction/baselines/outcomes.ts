import { type ActionTargets, returnDays, unknownTarget } from '../targets';

/** Places of each question's numbers in a row of outcomes. */
export interface OutcomePlaces {
  /** The shares of all actions: places [0, minutes). */
  readonly minutes: number;
  readonly purchase: number;
  readonly abandonment: number;
  /** The first of those of {@link returnDays}. */
  readonly returns: number;
  /** Length of a row: all numbers of a forecast but the categories. */
  readonly count: number;
}

/** Returns the places of a row. @param types - number of event types; LEAVE comes after them */
export const outcomePlacesOf = (types: number): OutcomePlaces => ({
  minutes: types + 1,
  purchase: types + 2,
  abandonment: types + 3,
  returns: types + 4,
  count: types + 4 + returnDays.length,
});

/** Returns the prior before any observation: equal shares of actions, one minute, probabilities of 0.5. */
export const outcomesUnseen = ({ minutes, purchase, count }: OutcomePlaces): Float64Array =>
  new Float64Array(count)
    .fill(1 / minutes, 0, minutes)
    .fill(1, minutes, purchase)
    .fill(0.5, purchase);

const flagOf = (target: number): number => (target === unknownTarget ? Number.NaN : target);

/**
 * Writes what followed a step as a row of outcomes; NaN where it is unknown.
 *
 * @param out - [places.count]
 */
export function writeOutcomes(
  targets: ActionTargets,
  step: number,
  places: OutcomePlaces,
  out: Float64Array,
): void {
  const next = targets.next[step];
  out.fill(next === unknownTarget ? Number.NaN : 0, 0, places.minutes);
  if (next !== unknownTarget) out[next] = 1;
  out[places.minutes] = targets.minutes[step];
  out[places.purchase] = flagOf(targets.purchase[step]);
  out[places.abandonment] = flagOf(targets.abandonment[step]);
  for (const [index, returns] of targets.returns.entries())
    out[places.returns + index] = flagOf(returns[step]);
}
