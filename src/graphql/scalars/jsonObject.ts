import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped, visit } from 'graphql';
import { isJsonObject, type JsonObject } from '../../intake/jsonObject';

function check(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw new GraphQLError('Expected a JSON object; got something else. Send one such as { "colour": "red" }.');
}

/** Replaces whole numbers that a double cannot represent by their text, and refuses those with a point or an exponent. */
const withExactIntegers = (node: ValueNode): ValueNode =>
  visit(node, {
    IntValue({ value }) {
      return Number.isSafeInteger(Number(value)) ? undefined : { kind: Kind.STRING, value };
    },
    FloatValue({ value }) {
      const number = Number(value);
      if (!Number.isInteger(number) || Number.isSafeInteger(number)) return;
      throw new GraphQLError(
        'Expected whole numbers of at most 2^53 - 1; got a larger one, which was rounded. Send it as text.',
      );
    },
  });

const fromLiteral = (node: ValueNode, variables?: Readonly<Record<string, unknown>> | null): JsonObject =>
  check(node.kind === Kind.OBJECT ? valueFromASTUntyped(withExactIntegers(node), variables) : null);

/** A JSON object: attributes and settings with names that the schema does not fix. */
export const jsonObjectScalar = new GraphQLScalarType<JsonObject, JsonObject>({
  name: 'JSONObject',
  description:
    'A JSON object. Values are strings, numbers, booleans or lists of strings, unless the field documents otherwise.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: check,
  parseValue: check,
  parseLiteral: fromLiteral,
});
