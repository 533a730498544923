import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { GraphqlContext } from '../request/context';

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
    execute({ schema, document, operationName, variableValues: variables, contextValue: context });
}

/** Number of executions by the reference before a document is compiled. */
const compileAfter = 1;

/**
 * Converts an error of graphql-jit (0.8.9) to one of graphql-js. Errors of graphql-jit have a class of their own, no
 * extensions, and locations that the constructor of graphql-js does not accept: Apollo fails on them. Remove this when
 * graphql-jit throws errors of graphql-js.
 */
function toGraphqlError({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, { path, originalError });
  return Object.defineProperty(error, 'locations', { value: locations, enumerable: locations !== undefined });
}

const withGraphqlErrors = (result: ExecutionResult): ExecutionResult =>
  result.errors === undefined ? result : { ...result, errors: result.errors.map(toGraphqlError) };

interface Entry {
  seen: number;
  compiled: CompiledQuery | null;
}

/**
 * Creates an executor that compiles operations to code with graphql-jit, which is about 15 times as fast as interpreting
 * them. It compiles from the second execution on, so that documents that are sent once cost no compiler time. The code
 * is cached with the document.
 */
export function createCompiledExecutor(schema: GraphQLSchema): Executor {
  const reference = createReferenceExecutor(schema);
  const entries = new WeakMap<OperationDefinitionNode, Entry>();

  function compiledFor(document: DocumentNode, operationName: string | undefined): CompiledQuery | null {
    const operation = getOperationAST(document, operationName);
    if (!operation) return null;
    let entry = entries.get(operation);
    if (entry === undefined) {
      entry = { seen: 0, compiled: null };
      entries.set(operation, entry);
    }
    if (entry.seen++ === compileAfter) {
      const compiled = compileQuery(schema, document, operationName);
      // A document that cannot be compiled is executed by the reference, which reports why.
      if (isCompiledQuery(compiled)) entry.compiled = compiled;
    }
    return entry.compiled;
  }

  return async execution => {
    const { document, operationName, variables, context } = execution;
    const compiled = compiledFor(document, operationName);
    if (compiled === null) return reference(execution);
    return withGraphqlErrors(await compiled.query(undefined, context, variables));
  };
}
