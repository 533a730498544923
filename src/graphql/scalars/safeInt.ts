import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { describeValue } from '../../intake/rejections';

function check(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError(
    `Expected a whole number from -(2^53 - 1) to 2^53 - 1; got ${describeValue(value)}. Send it without quotes and without a fraction.`,
  );
}

/** A whole number that may exceed 32 bits: amounts of money, numbers of bytes. */
export const safeIntScalar = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'A whole number from -(2^53 - 1) to 2^53 - 1: the range that a double represents exactly.',
  serialize: check,
  parseValue: check,
  parseLiteral: node => check(valueFromASTUntyped(node)),
});
