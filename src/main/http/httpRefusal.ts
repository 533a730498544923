import type { FastifyInstance } from 'fastify';

/** A request that is refused as HTTP, before GraphQL handles it. */
export class HttpRefusal extends Error {
  override readonly name = 'HttpRefusal';

  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
  }
}

const messages = new Map([
  [404, 'Expected an existing path; got another. GraphQL is at /graphql.'],
  [413, 'Expected a smaller body; got one above the limit. Split it into several requests.'],
  [415, 'Expected content-type: application/json; got another. Send JSON.'],
]);

/** Returns the code of docs/errors.md for an HTTP status. */
const codeOf = (status: number): string => {
  if (status >= 500) return 'INTERNAL_SERVER_ERROR';
  return status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST';
};

const bodyOf = (status: number, message: string, correlationId?: string) => ({
  errors: [
    {
      message,
      extensions: { code: codeOf(status), ...(correlationId === undefined ? {} : { correlationId }) },
    },
  ],
});

/** Handles errors outside GraphQL: responds in the form of GraphQL errors, and reveals no more than the status. */
export function addErrorHandlers(
  app: FastifyInstance,
  onUnexpected: (error: unknown, id: string) => void,
): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      onUnexpected(error, request.id);
      return reply
        .code(500)
        .send(
          bodyOf(
            500,
            'Internal error. Retry the request. If the error persists, report the correlation id.',
            request.id,
          ),
        );
    }
    const message =
      error instanceof HttpRefusal
        ? error.message
        : (messages.get(status) ?? 'Expected a GraphQL request; got something else. See docs/errors.md.');
    return reply.code(status).send(bodyOf(status, message));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(bodyOf(404, messages.get(404) ?? '')));
}
