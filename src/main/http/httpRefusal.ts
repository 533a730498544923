import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { errorCatalogue, GatewayError } from '../../domain/errors';
import type { GraphqlReports } from '../../graphql/request/services';
import type { Refusals } from './refusals';

/** A request that is refused as HTTP, before GraphQL handles it. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';

  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Messages of refusals by Fastify and by Node, whose own messages name neither what was expected nor the remedy. */
const messages = new Map([
  [400, 'Expected an HTTP request that RFC 9110 allows; got a malformed one. Correct its head or body.'],
  [404, 'Expected an existing path; got another. GraphQL is at /graphql.'],
  [
    405,
    'Expected one of the methods GET, HEAD, POST and OPTIONS; got another, or CONNECT. Use one of these; the gateway is no proxy.',
  ],
  [408, 'Expected the whole request in time; got only a part of it. Send it again, faster or smaller.'],
  [413, 'Expected a smaller body; got one above the limit. Split it into several requests.'],
  [414, 'Expected a shorter address; got one above the limit. Use POST.'],
  [415, 'Expected content-type: application/json; got another. Send JSON.'],
  [417, 'Expected no `Expect` header, or `100-continue`; got another. Remove it.'],
  [431, 'Expected shorter headers; got more than the limit. Send fewer or shorter headers, or use POST.'],
]);

/** Messages of errors that share their status with others, by their code in Fastify or a plug-in. */
const messagesByCode = new Map([
  [
    'FST_CP_ERR_INVALID_CONTENT',
    'Expected a body that is valid in its content-encoding; got other bytes. Compress it again, or send it as it is.',
  ],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    'Expected as many bytes as `content-length` says; got another number. Correct the header or the body.',
  ],
]);

const unexpected = 'Internal error. Retry the request. If the error persists, report the correlation id.';

/** Returns the code of docs/errors.md for an HTTP status. */
const codeOf = (status: number): string => {
  if (status >= 500) return 'INTERNAL_SERVER_ERROR';
  return status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST';
};

const bodyOf = (message: string, code: string, details: Readonly<Record<string, unknown>> = {}) => ({
  errors: [{ message, extensions: { ...details, code } }],
});

/** The refusal of a request under overload. One error for all: to make a stack for each would cost more than the rest. */
export const overloaded = new GatewayError(
  'OVERLOADED',
  'Expected fewer requests at the same time; got more than this gateway can work on. Nothing was executed. Try again after the seconds of `Retry-After`.',
);

/** The refusal of a request without a credential: one error for all, for the same reason. */
export const noCredential = new GatewayError(
  'UNAUTHENTICATED',
  'Expected a credential; got none. Send `Authorization: Bearer <token or API key>`.',
);

/** Returns the body of a refusal with a foreseen error, in the form of GraphQL errors. */
export const bodyOfError = ({ message, code, details }: GatewayError) => bodyOf(message, code, details);

/** Returns the body of a refusal with a status below 500 that Fastify or Node decides, in the form of GraphQL errors. */
export const bodyOfStatus = (status: number, code?: string) => {
  const message = messagesByCode.get(code ?? '') ?? messages.get(status) ?? messages.get(400);
  return bodyOf(message ?? unexpected, codeOf(status));
};

/** The headers that every response with this code carries. */
export function headersOfCode(code: string): Readonly<Record<string, string>> {
  if (code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer' };
  return code === 'UNAVAILABLE' || code === 'OVERLOADED' ? { 'retry-after': '1' } : {};
}

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'OPTIONS'];

/** Closes the connection of a request without a response. */
function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.raw.socket.destroy();
  return reply.hijack();
}

/** Responds to paths that do not exist with 404, and to paths that exist with other methods with 405. */
function addNotFoundHandler(app: FastifyInstance, refusals: Refusals): void {
  app.setNotFoundHandler(async (request, reply) => {
    if (!(await refusals.wait(request.raw.socket))) return cut(request, reply);
    const path = request.url.split('?', 1)[0];
    const allowed = methods.filter(method => app.hasRoute({ method, url: path })).join(', ');
    if (allowed === '') return reply.code(404).send(bodyOfStatus(404));
    const message = `Expected one of the methods ${allowed}; got another. Use one of these.`;
    return reply
      .code(405)
      .header('allow', allowed)
      .send(bodyOf(message, codeOf(405)));
  });
}

/**
 * Handles errors outside GraphQL: responds in the form of GraphQL errors, and reveals no more than the status.
 *
 * @param refusals - anybody can cause them, so a flood of them is slowed down
 */
export function addErrorHandlers(
  app: FastifyInstance,
  reports: Pick<GraphqlReports, 'unexpected' | 'foreseen'>,
  refusals: Refusals,
): void {
  function foreseen(error: GatewayError, id: string, reply: FastifyReply): FastifyReply {
    const { code, message } = error;
    const { status, logLevel } = errorCatalogue[code];
    if (logLevel !== 'debug') reports.foreseen(code, logLevel, message, id);
    return reply.code(status).headers(headersOfCode(code)).send(bodyOfError(error));
  }

  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error instanceof GatewayError && error.code !== 'UNAUTHENTICATED')
      return foreseen(error, request.id, reply);
    if (!(await refusals.wait(request.raw.socket))) return cut(request, reply);
    if (error instanceof GatewayError) return foreseen(error, request.id, reply);
    if (error instanceof HttpRefusal) {
      const { statusCode, message, headers } = error;
      return reply
        .code(statusCode)
        .headers(headers)
        .send(bodyOf(message, codeOf(statusCode)));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(bodyOfStatus(status, error.code));
    reports.unexpected(error, request.id);
    return reply.code(500).send(bodyOf(unexpected, codeOf(500), { correlationId: request.id }));
  });
  addNotFoundHandler(app, refusals);
}

/** Responds to requests that Fastify refuses before it looks for a route, such as a path that is not percent-encoded. */
export function respondToFrameworkError(
  error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const status = error.statusCode ?? 400;
  reply.code(status).send(bodyOfStatus(status, error.code));
}
