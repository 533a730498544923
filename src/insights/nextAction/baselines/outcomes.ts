import { type ActionTargets, returnDays, unknownTarget } from '../targets';

/** Where the numbers of each question lie among those of a forecast. */
export interface OutcomePlaces {
  /** The shares of all actions: places [0, minutes). */
  readonly minutes: number;
  readonly purchase: number;
  readonly abandonment: number;
  /** The first of those of {@link returnDays}. */
  readonly returns: number;
  /** How many numbers a forecast has, categories apart. */
  readonly count: number;
}

/** @param types - how many types of events there are; LEAVE comes after them */
export const outcomePlacesOf = (types: number): OutcomePlaces => ({
  minutes: types + 1,
  purchase: types + 2,
  abandonment: types + 3,
  returns: types + 4,
  count: types + 4 + returnDays.length,
});

/** The numbers before any observation: all actions alike, a minute, even chances. */
export const outcomesUnseen = ({ minutes, purchase, count }: OutcomePlaces): Float64Array =>
  new Float64Array(count)
    .fill(1 / minutes, 0, minutes)
    .fill(1, minutes, purchase)
    .fill(0.5, purchase);

const flagOf = (target: number): number => (target === unknownTarget ? Number.NaN : target);

/**
 * Writes what came after a step, as the numbers of the ideal forecast; NaN where it is not known.
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
