import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';
import { describeValue } from '../../intake/rejections';
import { parseInstant } from '../../intake/time';

function parse(value: unknown): number {
  const instant = typeof value === 'string' ? parseInstant(value) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw new GraphQLError(
      `Expected an instant that exists, as ISO 8601 with a time zone; got ${describeValue(value)}. Send one such as 2026-03-01T09:30:00Z.`,
    );
  }
  return instant;
}

function serialize(value: unknown): string {
  if (typeof value !== 'number' || Number.isNaN(value) || Math.abs(value) > 8.64e15) {
    throw new TypeError('Expected milliseconds since the epoch within the range of Date.');
  }
  return new Date(value).toISOString();
}

/** An instant: milliseconds since the epoch in the gateway, ISO 8601 in UTC in responses. */
export const dateTimeScalar = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'An instant, as ISO 8601 text with a time zone. Responses always use UTC: `2026-03-01T09:30:00.000Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize,
  parseValue: parse,
  parseLiteral: node => parse(valueFromASTUntyped(node)),
});
