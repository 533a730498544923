import type { GraphQLField } from 'graphql';
import { Extensions } from 'type-graphql';

const defaultWeight = 1;

/**
 * Sets what one object of a field costs. Use it for fields that are expensive to resolve: those that rank the catalogue,
 * or run one database query per object.
 *
 * @param costWeight - unitless, ≥ 1; 1 for fields without it
 */
export const CostWeight = (costWeight: number): ReturnType<typeof Extensions> => Extensions({ costWeight });

/** Returns the weight that {@link CostWeight} gave to a field. */
export function costWeightOf({ extensions }: GraphQLField<unknown, unknown>): number {
  const weight = extensions['costWeight'];
  return typeof weight === 'number' ? weight : defaultWeight;
}
