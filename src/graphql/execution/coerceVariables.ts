import {
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { GatewayError } from '../../domain/errors';
import { RowTaker } from '../batch/takeOutRows';
import { limits } from '../limits/limits';
import { type Flaw, flawIn } from '../limits/text';

type Values = Readonly<Record<string, unknown>>;

/** Coerced variables, or why they cannot be coerced. */
export type CoercedVariables = ReturnType<typeof getVariableValues>;

/** Options of coercion. Messages suggest no names of the schema, which callers may not read. */
const options = { maxErrors: limits.errors, hideSuggestions: true };

const refused = ({ message }: Flaw): CoercedVariables => ({
  errors: [new GraphQLError(message, { originalError: new GatewayError('BAD_USER_INPUT', message) })],
});

function coerce(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Values,
  taker = new RowTaker(),
): CoercedVariables {
  const definitions = variableDefinitions.filter(({ variable }) => !taker.hasTaken(variable.name.value));
  return getVariableValues(schema, definitions, values, options);
}

/** Returns the variables without the rows of batches that cannot be processed. */
function withoutFailingRows(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Values,
  taker: RowTaker,
): Values {
  const entries = variableDefinitions.flatMap(({ variable, type }) => {
    const name = variable.name.value;
    const given = typeFromAST(schema, type);
    if (!Object.hasOwn(variables, name) || !isInputType(given)) return [];
    return [[name, taker.takeOut(given, variables[name], [name])] as const];
  });
  return { ...variables, ...Object.fromEntries(entries) };
}

function coerceRows(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Values,
): CoercedVariables {
  const flaw = flawIn(variables);
  if (flaw?.kind === 'count') return refused(flaw);
  const whole = flaw === null ? coerce(schema, operation, variables) : refused(flaw);
  if (whole.coerced !== undefined) return whole;
  const taker = new RowTaker();
  const rest = withoutFailingRows(schema, operation, variables, taker);
  if (!taker.hasRows || taker.isFull) return whole;
  const restFlaw = flawIn(rest);
  if (restFlaw !== null) return refused(restFlaw);
  const result = coerce(schema, operation, rest, taker);
  if (result.coerced !== undefined) taker.putBack(result.coerced);
  return result;
}

/** What was coerced for the variables of a request: its cost and its execution need the same values. */
const known = new WeakMap<Values, readonly [OperationDefinitionNode, CoercedVariables]>();

/**
 * Coerces the variables of a request as graphql-js does, but for the rows of batches: one that cannot be coerced, or whose
 * texts cannot be stored, is replaced by a `RejectedRow`, and the other rows are coerced. When any other value is wrong,
 * nothing is coerced.
 */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Values,
): CoercedVariables {
  const found = known.get(variables);
  if (found?.[0] === operation) return found[1];
  const result = coerceRows(schema, operation, variables);
  known.set(variables, [operation, result]);
  return result;
}
