import { interactionTypeOf, interactionTypeTable, starTypes } from '../domain/interaction';
import { type EventWeights, maxEventWeight } from '../domain/shopPolicy';

/** Largest absolute weight of all events of one (user, product) pair together: ten purchases do not count twice five. */
export const maxPairWeight = maxEventWeight;

const maxStars = 5;
/** Stars that count neither for nor against a product. */
const neutralStars = 2.5;

/** Returns whether the value of events of a type code, where they have one, is a number of stars. */
export function hasStars(typeCode: number): boolean {
  const type = interactionTypeOf(typeCode);
  return type !== undefined && starTypes.has(type);
}

/**
 * Returns the weight of one event by the code of its type. The weight of a type with stars is multiplied by (stars - 2.5) /
 * 2.5, with stars clamped to 0-5. Without stars it is 0 where the type requires them (RATING), else the plain weight. A
 * purchase counts once for any number of units: a dozen eggs is one decision, and wholesale quantities would outweigh every
 * other event.
 *
 * @param typeCode - code of the type (domain `interactionCodes`); 0 is returned for a code of no type
 * @param value - stars, NaN for none; ignored for types without stars
 */
export function eventWeightOf(typeCode: number, value: number, weights: EventWeights): number {
  const type = interactionTypeOf(typeCode);
  if (type === undefined) return 0;
  const weight = weights[type];
  if (!starTypes.has(type)) return weight;
  if (Number.isNaN(value)) return interactionTypeTable[type].value === 'stars' ? 0 : weight;
  return (weight * (Math.min(Math.max(value, 0), maxStars) - neutralStars)) / neutralStars;
}

/** Clamps a pair's summed weight to [-maxPairWeight, maxPairWeight]. */
export const clampPairWeight = (weight: number): number =>
  Math.min(Math.max(weight, -maxPairWeight), maxPairWeight);
