import { interactionTypes } from '../domain/interaction';
import { defaultEventWeights, type EventWeights } from './snapshot';

/** Most that all events of one (user, product) pair together may say, either way: ten purchases are not twice five. */
export const maxPairWeight = 25;

const ratingCode = interactionTypes.indexOf('RATING');
const neutralStars = 2.5;

/**
 * Weight of one event by the code of its type. Value counts for RATING alone, whose weight is multiplied by
 * (stars - 2.5) / 2.5, stars held to 0-5 (no stars: 0). A purchase counts once however many units: a dozen eggs is one
 * decision, and wholesale quantities would drown every other sign.
 *
 * @param typeCode - index into domain `interactionTypes`
 * @param value - stars for RATING; otherwise not looked at; NaN for none
 */
export function eventWeightOf(
  typeCode: number,
  value: number,
  weights: EventWeights = defaultEventWeights,
): number {
  const weight = weights[interactionTypes[typeCode] ?? ''] ?? 0;
  if (typeCode !== ratingCode) return weight;
  if (Number.isNaN(value)) return 0;
  return (weight * (Math.min(Math.max(value, 0), 5) - neutralStars)) / neutralStars;
}

/** Holds a pair's summed weight to [-maxPairWeight, maxPairWeight]. */
export const clampPairWeight = (weight: number): number =>
  Math.min(Math.max(weight, -maxPairWeight), maxPairWeight);
