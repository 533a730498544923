import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { createErrorFormatter } from './errors/formatError';
import { createDocumentCache } from './execution/documentCache';
import type { Executor } from './execution/executor';
import { createFormerTypePlugin } from './formerType/formerTypePlugin';
import { limits } from './limits/limits';
import { shapeRule } from './limits/shape';
import { unsupportedRule } from './limits/unsupported';
import type { GraphqlContext } from './request/context';
import type { GraphqlReports } from './request/services';
import { createRequestPlugin, type OperationReport } from './requestPlugin';
import type { TrustedDocuments } from './trusted/manifest';
import { createTrustedPlugin } from './trusted/trustedPlugin';

/** Number of documents that are cached, parsed and validated, with their plans. */
const cachedDocuments = 500;

/** Dependencies of the GraphQL server. */
export interface GraphqlServerOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly reports: GraphqlReports;
  readonly newId: () => string;
  readonly onOperation: (operation: OperationReport) => void;
  /** Documents that every role may execute; others are for staff. Null: every document is for everyone. */
  readonly trustedDocuments: TrustedDocuments | null;
}

type Gateway = NonNullable<ConstructorParameters<typeof ApolloServer<GraphqlContext>>[0]['gateway']>;

/** Makes Apollo use another executor. Its extension point for that is called a gateway. */
function executorAsGateway(schema: GraphQLSchema, executor: Executor): Gateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        executor: ({ document, request, context }) =>
          executor({
            document,
            operationName: request.operationName,
            variables: request.variables ?? {},
            context: context as GraphqlContext,
          }),
      }),
    stop: () => Promise.resolve(),
  };
}

/** Creates the Apollo server with all limits, without public introspection, with our executor. Call `start()` first. */
export function createGraphqlServer(options: GraphqlServerOptions): ApolloServer<GraphqlContext> {
  const { schema, executor, reports, newId, onOperation, trustedDocuments } = options;
  const formatter = createErrorFormatter(reports, newId);
  return new ApolloServer<GraphqlContext>({
    gateway: executorAsGateway(schema, executor),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ...(trustedDocuments === null ? [] : [createTrustedPlugin(trustedDocuments)]),
      createFormerTypePlugin(schema),
      createRequestPlugin(schema, formatter, onOperation),
    ],
    documentStore: createDocumentCache(cachedDocuments),
    formatError: formatter.format,
    // Introspection depends on the caller's role: requestPlugin.ts checks it.
    introspection: true,
    // main/http/requestHead.ts refuses forged requests, before their credential is checked.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: limits.tokens },
    maxRecursiveSelections: limits.selections,
    validationRules: [unsupportedRule, shapeRule()],
    validationOptions: { maxErrors: limits.errors },
    executionOptions: { maxCoercionErrors: limits.errors },
  });
}
