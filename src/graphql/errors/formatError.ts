import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { errorCatalogue, GatewayError } from '../../domain/errors';
import type { GraphqlReports } from '../request/services';

/** Codes Apollo gives to requests that are not GraphQL, or not ours to run. */
const clientCodes: ReadonlySet<unknown> = new Set([
  ...Object.values(ApolloServerErrorCode).filter(code => code !== 'INTERNAL_SERVER_ERROR'),
]);

/** What was thrown in the first place: GraphQL wraps it to say where. */
function causeOf(error: unknown): unknown {
  const isWrapper = typeof error === 'object' && error !== null && 'originalError' in error;
  return isWrapper && error.originalError ? causeOf(error.originalError) : error;
}

/** Turns what was thrown into what the client may know. */
export interface ErrorFormatter {
  /** Says which request errors belong to, so that a masked one can be found in the log. */
  belongsTo(errors: readonly object[], requestId: string): void;
  format(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError;
}

/**
 * A foreseen failure answers its own message and code; a client's mistake answers what graphql-js says; anything else
 * is a bug, whose message may hold anything: it is logged whole, and the client gets a correlation id.
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
      const code = extensions?.['code'];
      if (clientCodes.has(code)) return { ...base, extensions: { code } };
      const correlationId = idOf(error);
      reports.unexpected(original, correlationId);
      return {
        ...base,
        message: 'Something went wrong on our side. Ask again; if it stays, quote the correlation id.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId },
      };
    },
  };
}

/** A failure of the whole request, before anything ran, with the HTTP status of its code. */
export function toRequestError(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  const headers = new Map(error.code === 'UNAUTHENTICATED' ? [['www-authenticate', 'Bearer']] : []);
  return new GraphQLError(error.message, {
    originalError: error,
    extensions: { http: { status: errorCatalogue[error.code].status, headers } },
  });
}
