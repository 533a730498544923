// Messages of errors equal those of graphql-js: the differential test compares them.

import { inspect } from 'node:util';
import {
  defaultTypeResolver,
  type ExecutionResult,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  getArgumentValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  locatedError,
  OperationTypeNode,
  responsePathAsArray,
} from 'graphql';
import type { Path } from './collectedErrors';
import {
  type Arguments,
  type Completer,
  type FieldPlan,
  type PlanSource,
  planSelection,
  type Run,
  type SelectionPlan,
} from './fieldPlan';

type Result = Record<string, unknown>;
type CompleterOf = PlanSource['completerOf'];

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

/** Returns what a resolver may know about its field. */
const infoOf = ({ source, variables }: Run, field: FieldPlan, path: Path): GraphQLResolveInfo => ({
  fieldName: field.definition.name,
  fieldNodes: field.nodes,
  returnType: field.definition.type,
  parentType: field.parentType,
  path,
  schema: source.schema,
  fragments: source.fragments as GraphQLResolveInfo['fragments'],
  rootValue: undefined,
  operation: source.operation,
  variableValues: variables as Record<string, unknown>,
});

/** Records an error where null is allowed and returns null. Elsewhere throws it, so that the parent becomes null. */
function handleError(run: Run, field: FieldPlan, path: Path, isNonNull: boolean, thrown: unknown): null {
  const error = locatedError(thrown, field.nodes, responsePathAsArray(path));
  if (isNonNull) throw error;
  run.collected.add(error, path);
  return null;
}

function argumentsOf(run: Run, field: FieldPlan): Arguments {
  const known = field.constantArguments ?? run.args.get(field);
  if (known !== undefined) return known;
  const args = getArgumentValues(field.definition, field.nodes[0], run.variables as Result);
  run.args.set(field, args);
  return args;
}

/** Replaces the promises among the values by what they resolve to. Rejects with the first error. */
async function settled(results: Result): Promise<Result> {
  const names = Object.keys(results).filter(name => isPromise(results[name]));
  const values = await Promise.all(names.map(name => results[name]));
  for (const [index, name] of names.entries()) results[name] = values[index];
  return results;
}

/** A plain object is faster to write to and to print than one without a prototype. */
const emptyResult = (hasProtoKey: boolean): Result => (hasProtoKey ? Object.create(null) : {});

/** Returns what the resolver of a field returns, or the property of the parent when it has no resolver. */
function fieldValue(run: Run, field: FieldPlan, parent: unknown, path: Path): unknown {
  const args = argumentsOf(run, field);
  if (field.resolve !== null) return field.resolve(parent, args, run.context, infoOf(run, field, path));
  if (typeof parent !== 'object' || parent === null) return undefined;
  const property = (parent as Result)[field.definition.name];
  return typeof property === 'function'
    ? property.call(parent, args, run.context, infoOf(run, field, path))
    : property;
}

function executeField(run: Run, field: FieldPlan, parent: unknown, parentPath: Path | undefined): unknown {
  const path: Path = { prev: parentPath, key: field.responseName, typename: field.parentType.name };
  try {
    const value = fieldValue(run, field, parent, path);
    const completed = isPromise(value)
      ? value.then(resolved => field.complete(run, field, path, path, resolved))
      : field.complete(run, field, path, path, value);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, error => handleError(run, field, path, field.isNonNull, error));
  } catch (error) {
    return handleError(run, field, path, field.isNonNull, error);
  }
}

/** Executes the fields of an object side by side. Returns a promise when one of them does. */
function executeFields(
  run: Run,
  { fields, hasProtoKey }: SelectionPlan,
  parent: unknown,
  path: Path | undefined,
): Result | Promise<Result> {
  const results = emptyResult(hasProtoKey);
  let hasPromise = false;
  try {
    for (const field of fields) {
      const result = executeField(run, field, parent, path);
      results[field.responseName] = result;
      hasPromise ||= isPromise(result);
    }
  } catch (error) {
    if (!hasPromise) throw error;
    // The fields that are already under way may also fail. Their errors are handled, and this one is reported.
    return settled(results).finally(() => {
      throw error;
    });
  }
  return hasPromise ? settled(results) : results;
}

/** Executes the fields of a mutation one after another: each begins when the one before is complete. */
async function executeSerially(run: Run, { fields, hasProtoKey }: SelectionPlan): Promise<Result> {
  const results = emptyResult(hasProtoKey);
  for (const field of fields)
    results[field.responseName] = await executeField(run, field, undefined, undefined);
  return results;
}

function selectionOf(run: Run, field: FieldPlan, type: GraphQLObjectType): SelectionPlan {
  const known = field.selections.get(type);
  if (known !== undefined) return known;
  const sets = field.nodes.map(({ selectionSet }) => selectionSet);
  const selection = planSelection(run.source, type, sets, run.variables);
  field.selections.set(type, selection);
  return selection;
}

const invalidType = (type: GraphQLObjectType, value: unknown, { nodes }: FieldPlan): GraphQLError =>
  new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes });

const objectCompleter =
  (type: GraphQLObjectType): Completer =>
  (run, field, fieldPath, path, value) => {
    const selection = selectionOf(run, field, type);
    if (!type.isTypeOf) return executeFields(run, selection, value, path);
    const isType = type.isTypeOf(value, run.context, infoOf(run, field, fieldPath));
    if (isPromise(isType)) {
      return isType.then(resolved => {
        if (!resolved) throw invalidType(type, value, field);
        return executeFields(run, selection, value, path);
      });
    }
    if (!isType) throw invalidType(type, value, field);
    return executeFields(run, selection, value, path);
  };

const leafCompleter =
  (type: GraphQLLeafType): Completer =>
  (_run, _field, _fieldPath, _path, value) => {
    const serialized: unknown = type.serialize(value);
    if (serialized !== undefined && serialized !== null) return serialized;
    throw new Error(
      `Expected \`${type.name}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${serialized}`,
    );
  };

function concreteType(
  { source: { schema } }: Run,
  { nodes, parentType, definition }: FieldPlan,
  abstract: GraphQLAbstractType,
  name: unknown,
): GraphQLObjectType {
  const type = typeof name === 'string' ? schema.getType(name) : undefined;
  if (isObjectType(type) && schema.isSubType(abstract, type)) return type;
  throw new GraphQLError(
    `Abstract type "${abstract.name}" must resolve to one of its object types for field "${parentType.name}.${definition.name}"; got ${inspect(name)}.`,
    { nodes },
  );
}

function abstractCompleter(abstract: GraphQLAbstractType): Completer {
  const resolveType = abstract.resolveType ?? defaultTypeResolver;
  return (run, field, fieldPath, path, value) => {
    const complete = (name: unknown) =>
      run.source.completerOf(concreteType(run, field, abstract, name))(run, field, fieldPath, path, value);
    const name: unknown = resolveType(value, run.context, infoOf(run, field, fieldPath), abstract);
    return isPromise(name) ? name.then(complete) : complete(name);
  };
}

interface ItemType {
  readonly complete: Completer;
  readonly isNonNull: boolean;
}

function completeItem(
  run: Run,
  field: FieldPlan,
  [fieldPath, path]: readonly [Path, Path],
  { complete, isNonNull }: ItemType,
  item: unknown,
): unknown {
  try {
    const completed = isPromise(item)
      ? item.then(resolved => complete(run, field, fieldPath, path, resolved))
      : complete(run, field, fieldPath, path, item);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, error => handleError(run, field, path, isNonNull, error));
  } catch (error) {
    return handleError(run, field, path, isNonNull, error);
  }
}

function completeItems(
  run: Run,
  field: FieldPlan,
  [fieldPath, path]: readonly [Path, Path],
  itemType: ItemType,
  items: Iterable<unknown>,
): unknown[] | Promise<unknown[]> {
  const results: unknown[] = [];
  let hasPromise = false;
  try {
    for (const item of items) {
      const itemPath: Path = { prev: path, key: results.length, typename: undefined };
      const result = completeItem(run, field, [fieldPath, itemPath], itemType, item);
      results.push(result);
      hasPromise ||= isPromise(result);
    }
  } catch (error) {
    // The list becomes null. Whatever its other items still report must not end the process as an unhandled rejection.
    if (hasPromise) void Promise.allSettled(results);
    throw error;
  }
  return hasPromise ? Promise.all(results) : results;
}

function listCompleter(itemType: GraphQLOutputType, completerOf: CompleterOf): Completer {
  const type = { complete: completerOf(itemType), isNonNull: isNonNullType(itemType) };
  return (run, field, fieldPath, path, value) => {
    if (typeof value === 'object' && value !== null && Symbol.iterator in value)
      return completeItems(run, field, [fieldPath, path], type, value as Iterable<unknown>);
    throw new GraphQLError(
      `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.definition.name}".`,
    );
  };
}

const nullable =
  (complete: Completer): Completer =>
  (run, field, fieldPath, path, value) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? null : complete(run, field, fieldPath, path, value);
  };

const nonNull =
  (complete: Completer): Completer =>
  (run, field, fieldPath, path, value) => {
    const completed = complete(run, field, fieldPath, path, value);
    if (completed !== null) return completed;
    throw new Error(
      `Cannot return null for non-nullable field ${field.parentType.name}.${field.definition.name}.`,
    );
  };

function createCompleter(type: GraphQLOutputType, completerOf: CompleterOf): Completer {
  if (isNonNullType(type)) return nonNull(completerOf(type.ofType));
  if (isListType(type)) return nullable(listCompleter(type.ofType, completerOf));
  if (isLeafType(type)) return nullable(leafCompleter(type));
  return nullable(isAbstractType(type) ? abstractCompleter(type) : objectCompleter(type));
}

/** Creates the function that returns the completer of an output type. It makes each once, when it is first needed. */
export function createCompleters(): CompleterOf {
  const known = new Map<GraphQLOutputType, Completer>();
  const completerOf = (type: GraphQLOutputType): Completer => {
    const completer = known.get(type) ?? createCompleter(type, completerOf);
    known.set(type, completer);
    return completer;
  };
  return completerOf;
}

/** Executes a planned operation as `execute` of graphql-js does: same data, same order of keys, same errors. */
export async function runPlan(run: Run, selectionOfRoot: () => SelectionPlan): Promise<ExecutionResult> {
  const isMutation = run.source.operation.operation === OperationTypeNode.MUTATION;
  try {
    const selection = selectionOfRoot();
    const data = isMutation
      ? await executeSerially(run, selection)
      : await executeFields(run, selection, undefined, undefined);
    const { errors } = run.collected;
    return errors.length === 0 ? { data } : { errors, data };
  } catch (error) {
    // Fields throw located errors only; the conditions of the root selection throw errors of graphql-js.
    run.collected.add(error as GraphQLError, undefined);
    return { errors: run.collected.errors, data: null };
  }
}
