import type { FastifyInstance } from 'fastify';

/** A request that is no good as HTTP, before GraphQL looks at it. */
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
  [404, 'No such path. GraphQL is at /graphql.'],
  [413, 'The body is larger than this server takes.'],
  [415, 'Expected content-type: application/json.'],
]);

/** Code of docs/errors.md for a status of HTTP's own. */
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

/** Answers what went wrong outside GraphQL in GraphQL's own form, and never says more than the status. */
export function answerRefusals(
  app: FastifyInstance,
  onUnexpected: (error: unknown, id: string) => void,
): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      onUnexpected(error, request.id);
      return reply.code(500).send(bodyOf(500, 'Something went wrong on our side.', request.id));
    }
    const message = error instanceof HttpRefusal ? error.message : (messages.get(status) ?? 'Bad request.');
    return reply.code(status).send(bodyOf(status, message));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(bodyOf(404, messages.get(404) ?? '')));
}
