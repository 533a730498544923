import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, isValueNode } from 'graphql';
import { errorCatalogue, GatewayError } from '../../domain/errors';
import { plainMessageOf } from '../limits/unsupported';
import type { GraphqlReports } from '../request/services';

/** Codes that Apollo gives to requests that are not GraphQL, or that cannot be executed. */
const clientCodes: ReadonlySet<unknown> = new Set([
  ...Object.values(ApolloServerErrorCode).filter(code => code !== 'INTERNAL_SERVER_ERROR'),
]);

/** Returns the error that was originally thrown: GraphQL wraps it to add the location. */
function causeOf(error: unknown): unknown {
  const isWrapper = typeof error === 'object' && error !== null && 'originalError' in error;
  return isWrapper && error.originalError ? causeOf(error.originalError) : error;
}

/**
 * Returns whether graphql-js refused an argument of a field or directive, such as a null variable where a value is
 * required. It reports the value in the document; errors of resolvers report the field.
 */
const isArgumentError = (error: unknown): boolean =>
  error instanceof GraphQLError && error.nodes !== undefined && error.nodes.every(isValueNode);

/** Converts thrown errors to what the client may see. */
export interface ErrorFormatter {
  /** Records which request the errors belong to, so that a masked error can be found in the log. */
  belongsTo(errors: readonly object[], requestId: string): void;
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/**
 * Creates the formatter of errors. A foreseen failure keeps its message and code, and an error of the client keeps the
 * message of graphql-js. Everything else is a bug, whose message may contain anything: it is logged in full, and the
 * client receives a correlation id.
 */
export function createErrorFormatter(reports: GraphqlReports, newId: () => string): ErrorFormatter {
  const requests = new WeakMap<object, string>();

  function idOf(error: unknown): string {
    return (typeof error === 'object' && error !== null ? requests.get(error) : undefined) ?? newId();
  }

  function foreseen(
    base: GraphQLFormattedError,
    error: GatewayError,
    requestId: string,
  ): GraphQLFormattedError {
    const { code, message, details } = error;
    const { logLevel } = errorCatalogue[code];
    if (logLevel !== 'debug') reports.foreseen(code, logLevel, message, requestId);
    return { ...base, message, extensions: { ...details, code } };
  }

  return {
    belongsTo(errors, requestId) {
      for (const error of errors) requests.set(error, requestId);
    },
    format(formatted, error) {
      const { locations, path, extensions, message } = formatted;
      const base = { message, ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
      const original = causeOf(error);
      if (original instanceof GatewayError) return foreseen(base, original, idOf(error));
      if (isArgumentError(error)) return { ...base, extensions: { code: 'BAD_USER_INPUT' } };
      const code = extensions?.['code'];
      if (clientCodes.has(code)) return { ...base, message: plainMessageOf(message), extensions: { code } };
      const correlationId = idOf(error);
      reports.unexpected(original, correlationId);
      return {
        ...base,
        message: 'Internal error. Retry the request. If the error persists, report the correlation id.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId },
      };
    },
  };
}

/** Converts an error of the whole request, before execution, to one with the HTTP status of its code. */
export function toRequestError(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  const headers = new Map(error.code === 'UNAUTHENTICATED' ? [['www-authenticate', 'Bearer']] : []);
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { http: { status: errorCatalogue[error.code].status, headers } },
  });
}
