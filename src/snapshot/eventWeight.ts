import { interactionTypes } from '../domain/interaction';
import { type EventWeights, maxEventWeight } from '../domain/shopPolicy';

/** Largest absolute weight of all events of one (user, product) pair together: ten purchases do not count twice five. */
export const maxPairWeight = maxEventWeight;

const ratingCode = interactionTypes.indexOf('RATING');
const neutralStars = 2.5;

/**
 * Returns the weight of one event by the code of its type. The value counts for RATING alone, whose weight is multiplied
 * by (stars - 2.5) / 2.5, with stars clamped to 0-5 (no stars: 0). A purchase counts once for any number of units: a dozen
 * eggs is one decision, and wholesale quantities would outweigh every other event.
 *
 * @param typeCode - index into domain `interactionTypes`; 0 is returned for any other
 * @param value - stars for RATING, NaN for none; ignored for other types
 */
export function eventWeightOf(typeCode: number, value: number, weights: EventWeights): number {
  const type = interactionTypes[typeCode];
  const weight = type === undefined ? 0 : weights[type];
  if (typeCode !== ratingCode) return weight;
  if (Number.isNaN(value)) return 0;
  return (weight * (Math.min(Math.max(value, 0), 5) - neutralStars)) / neutralStars;
}

/** Clamps a pair's summed weight to [-maxPairWeight, maxPairWeight]. */
export const clampPairWeight = (weight: number): number =>
  Math.min(Math.max(weight, -maxPairWeight), maxPairWeight);
