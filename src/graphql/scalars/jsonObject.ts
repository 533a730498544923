import { GraphQLError, GraphQLScalarType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

type JsonObject = Readonly<Record<string, unknown>>;

function check(value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new GraphQLError('Expected a JSON object, such as { "colour": "red" }.');
}

const fromLiteral = (node: ValueNode, variables?: Readonly<Record<string, unknown>> | null): JsonObject =>
  check(node.kind === Kind.OBJECT ? valueFromASTUntyped(node, variables) : null);

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
