import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestListener } from '@apollo/server';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { GatewayError } from '../domain/errors';
import { accessOf, checkAccess, mayIntrospect } from './access/documentAccess';
import { selectsOnlyCatalogue } from './caching/catalogueFields';
import { type ErrorFormatter, toRequestError } from './errors/formatError';
import { coerceVariables } from './execution/coerceVariables';
import { compileCost } from './limits/cost';
import { limits } from './limits/limits';
import { perNode } from './limits/perNode';
import { hasCleanText, refuseDirtyDocument } from './limits/text';
import { accessTable } from './modules';
import type { GraphqlContext } from './request/context';

/** Outcome of one request, for metrics. Contains no values that a client can choose freely. */
export interface OperationReport {
  /** Name of the first root field, or `none` when nothing was executed. */
  readonly rootField: string;
  readonly outcome: 'ok' | 'error';
  readonly durationMs: number;
}

/** `Cache-Control` of responses that the client may keep and must revalidate. */
export const cacheableByCaller = 'private, no-cache';

function introspectionRefused(): GraphQLError {
  return new GraphQLError(
    'Expected no introspection; only MERCHANDISER and ADMIN may introspect the schema. Use such a credential.',
    {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
    },
  );
}

function checkCost(cost: number): void {
  if (cost <= limits.cost) return;
  throw new GatewayError(
    'BAD_USER_INPUT',
    `Expected an operation of cost at most ${limits.cost}; this one may cost ${cost}. Request smaller pages, or split it into several requests.`,
    { cost, limit: limits.cost },
  );
}

/** @throws {GatewayError} BAD_USER_INPUT */
function coerced(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const result = coerceVariables(schema, operation, variables);
  if (result.coerced) return result.coerced;
  const [first, ...more] = result.errors;
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  throw new GatewayError('BAD_USER_INPUT', `${first.message}${rest}`);
}

type Resolved = GraphQLRequestContext<GraphqlContext>;

/** Creates the checks of a resolved request: first the caller, then the document, then the variables, which may be large. */
function createChecks(schema: GraphQLSchema) {
  const access = perNode((document: DocumentNode) => accessOf(schema, document));
  const isClean = perNode((document: DocumentNode) => ({ value: hasCleanText(document) }));
  const costs = new WeakMap<object, ReturnType<typeof compileCost>>();

  return (resolved: Resolved): void => {
    const { document, operation, contextValue, request } = resolved;
    if (document === undefined) return;
    const { role } = contextValue.principal;
    if (!isClean(document).value) refuseDirtyDocument();
    const selected = access(document);
    if (selected.introspects && !mayIntrospect(role)) throw introspectionRefused();
    checkAccess(accessTable, selected, role);
    if (operation === undefined) return;
    const cost = costs.get(operation) ?? compileCost(schema, document, operation);
    costs.set(operation, cost);
    checkCost(cost(coerced(schema, operation, request.variables ?? {})));
  };
}

/** Refuses writes to a shop that does not exist: its rows would belong to nobody. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
async function checkShop({ operation, contextValue }: Resolved): Promise<void> {
  if (operation?.operation === OperationTypeNode.MUTATION) await contextValue.shop();
}

function rootFieldOf({ operation, errors }: Resolved): string {
  const [first] = operation?.selectionSet.selections ?? [];
  if (first?.kind !== Kind.FIELD) return 'none';
  const isOurs = errors === undefined || errors.every(error => error.path !== undefined);
  return isOurs ? first.name.value : 'none';
}

const documentCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/**
 * Sets the status as GraphQL over HTTP requires. A well-formed request with an invalid document gets 400, or 200 when the
 * client accepts only the older media type `application/json`: it could mistake a 400 for the response of a proxy.
 */
function setStatus({ request, response }: Resolved): void {
  if (response.body?.kind !== 'single') return;
  const { data, errors = [] } = response.body.singleResult;
  const has = (code: string) => errors.some(error => error.extensions?.['code'] === code);
  if (has('UNAVAILABLE')) {
    // A response that has data is a success in GraphQL over HTTP, even when parts of it are missing.
    if (data == null) response.http.status = 503;
    response.http.headers.set('retry-after', '1');
  }
  const accept = request.http?.headers.get('accept') ?? '';
  const acceptsOnlyJson =
    accept.includes('application/json') && !accept.includes('application/graphql-response+json');
  const isDocumentInvalid = errors.some(error => documentCodes.has(error.extensions?.['code']));
  if (response.http.status === 400 && acceptsOnlyJson && isDocumentInvalid) response.http.status = 200;
}

/**
 * Creates a function that lets clients cache what they read of the catalogue with GET. They must ask each time whether
 * it has changed, and shared caches store nothing, because every response belongs to a credential.
 */
function createCacheSetter(schema: GraphQLSchema): (resolved: Resolved) => void {
  const isCatalogue = perNode((document: DocumentNode) => ({
    value: selectsOnlyCatalogue(accessOf(schema, document)),
  }));
  return ({ document, request, response, errors }) => {
    if (request.http?.method !== 'GET' || document === undefined || errors !== undefined) return;
    if (isCatalogue(document).value) response.http.headers.set('cache-control', cacheableByCaller);
  };
}

/** Creates the plugin that checks and reports every request, and sets its HTTP status. */
export function createRequestPlugin(
  schema: GraphQLSchema,
  formatter: ErrorFormatter,
  report: (operation: OperationReport) => void,
): ApolloServerPlugin<GraphqlContext> {
  const check = createChecks(schema);
  const setCaching = createCacheSetter(schema);
  return {
    async requestDidStart(): Promise<GraphQLRequestListener<GraphqlContext>> {
      const startedAt = performance.now();
      return {
        async didResolveOperation(resolved) {
          try {
            check(resolved);
            await checkShop(resolved);
          } catch (error) {
            throw toRequestError(error);
          }
        },
        async didEncounterErrors({ errors, contextValue }) {
          formatter.belongsTo(errors, contextValue.requestId);
        },
        async willSendResponse(resolved) {
          setStatus(resolved);
          setCaching(resolved);
          const outcome = resolved.errors === undefined ? 'ok' : 'error';
          report({ rootField: rootFieldOf(resolved), outcome, durationMs: performance.now() - startedAt });
        },
      };
    },
  };
}
