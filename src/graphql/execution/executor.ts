import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { limits } from '../limits/limits';
import type { GraphqlContext } from '../request/context';
import { coerceVariables } from './coerceVariables';
import { CollectedErrors } from './collectedErrors';
import { type PlanSource, planSelection, type SelectionPlan, type Variables } from './fieldPlan';
import { createCompleters, runPlan } from './runPlan';

/** One request to execute. It is parsed, validated and allowed. */
export interface Execution {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: GraphqlContext;
}

/** Executes requests against one schema. */
export type Executor = (execution: Execution) => Promise<ExecutionResult>;

/** Creates the reference executor: graphql-js. */
export function createReferenceExecutor(schema: GraphQLSchema): Executor {
  return async ({ document, operationName, variables, context }) =>
    execute({
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: context,
      hideSuggestions: true,
      options: { maxCoercionErrors: limits.errors },
    });
}

/** Maximum number of plans that are cached per operation: one per combination of conditions. */
const maxPlans = 16;

/** The plans of one operation. */
interface PlannedOperation {
  readonly source: PlanSource;
  /** Names of the variables of `@skip` and `@include`. */
  readonly conditions: readonly string[];
  /** Plans by the values of the conditions: which fields are selected depends on nothing else. */
  readonly plans: Map<string, SelectionPlan>;
}

function conditionsOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ arguments: args = [] }) {
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

function fragmentsOf({ definitions }: DocumentNode): PlanSource['fragments'] {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

function planOf({ source, conditions, plans }: PlannedOperation, variables: Variables): SelectionPlan {
  const key = conditions.map(name => String(variables[name])).join();
  const known = plans.get(key);
  if (known !== undefined) return known;
  const { schema, operation } = source;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`Expected a schema with a ${operation.operation} type; got one without.`);
  const plan = planSelection(source, root, [operation.selectionSet], variables);
  if (plans.size >= maxPlans) plans.clear();
  plans.set(key, plan);
  return plan;
}

/**
 * Creates an executor that plans each operation once: the fields that it selects, their arguments, and how their values
 * are completed. Its results equal those of graphql-js, which does that work again for every object of every request.
 * The plans are cached with the document. Only a wrong row of a batch is coerced otherwise; see coerceVariables.ts.
 */
export function createPlannedExecutor(schema: GraphQLSchema): Executor {
  const reference = createReferenceExecutor(schema);
  const completerOf = createCompleters();
  const operations = new WeakMap<OperationDefinitionNode, PlannedOperation>();

  function plannedOf(document: DocumentNode, operation: OperationDefinitionNode): PlannedOperation {
    const known = operations.get(operation);
    if (known !== undefined) return known;
    const source = { schema, operation, fragments: fragmentsOf(document), completerOf };
    const planned = { source, conditions: conditionsOf(document), plans: new Map() };
    operations.set(operation, planned);
    return planned;
  }

  return async execution => {
    const { document, operationName, variables, context } = execution;
    const operation = getOperationAST(document, operationName);
    // graphql-js reports why there is none.
    if (!operation) return reference(execution);
    const values = coerceVariables(schema, operation, variables);
    if (values.coerced === undefined) return { errors: values.errors };
    const planned = plannedOf(document, operation);
    const run = {
      source: planned.source,
      variables: values.coerced,
      context,
      collected: new CollectedErrors(),
      args: new Map(),
    };
    return runPlan(run, () => planOf(planned, values.coerced));
  };
}
