import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, {
  type ConnectionError,
  type FastifyBaseLogger,
  type FastifyInstance,
  LogController,
} from 'fastify';
import { limits } from '../../graphql/limits/limits';
import type { EarlyResponder } from './earlyResponses';
import { bodyOfStatus, respondToFrameworkError } from './httpRefusal';
import type { Refusals } from './refusals';

/** Bounds of connections. Times in milliseconds. */
export interface ConnectionBounds {
  /** Time within which the head of a request must arrive. */
  readonly headMs: number;
  /** Time within which a whole request must arrive, head and body. At least `headMs`. */
  readonly requestMs: number;
  /** Time without a byte in either direction after which a connection is closed, also while a response waits. */
  readonly silentMs: number;
  /** Time that a connection may wait for its next request. Longer than that of the proxy in front, which closes first. */
  readonly idleMs: number;
  /** Time between two checks of `headMs` and `requestMs`. */
  readonly checkEveryMs: number;
  /** Maximum number of open connections. */
  readonly maxConnections: number;
}

export const defaultConnectionBounds: ConnectionBounds = {
  headMs: 10_000,
  requestMs: 30_000,
  silentMs: 60_000,
  idleMs: 72_000,
  checkEveryMs: 1000,
  maxConnections: 4096,
};

/** Maximum size of a request's line and headers in bytes: an address of 32 KiB, a credential of 8 KiB, and the rest. */
const maxHeadBytes = 49_152;

const statusByErrorCode = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
  ['HPE_HEADER_OVERFLOW', 431],
]);

/**
 * Responds on a connection without a parsed request, and closes it. In a flood it waits before that: clients that connect again
 * after each refusal would otherwise do so thousands of times per second.
 */
async function respondOnSocket(
  socket: Socket,
  refusals: Refusals,
  { status, headers = [] }: { readonly status: number; readonly headers?: readonly string[] },
): Promise<void> {
  const maySend = await refusals.wait(socket);
  const body = JSON.stringify(bodyOfStatus(status));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
    ...headers,
  ];
  if (maySend && socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}

/** Responds to what Node cannot parse as a request, and to requests that do not arrive in time. Then closes. */
async function respondToClientError(
  error: ConnectionError,
  socket: Socket,
  refusals: Refusals,
): Promise<void> {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  await respondOnSocket(socket, refusals, { status: statusByErrorCode.get(error.code) ?? 400 });
}

/** Responds to CONNECT, which asks for a tunnel. Node has no response for it, and closes the connection without a word. */
function refuseTunnel(socket: Socket, refusals: Refusals): void {
  socket.on('error', () => undefined);
  void respondOnSocket(socket, refusals, { status: 405, headers: ['allow: GET, HEAD, POST, OPTIONS'] });
}

/** Dependencies of the application. */
export interface AppOptions {
  readonly newId: () => string;
  readonly logger: FastifyBaseLogger;
  readonly bounds: ConnectionBounds;
  /** Responds to requests that are not left to Fastify. */
  readonly respondEarly: EarlyResponder;
  readonly refusals: Refusals;
}

/** Creates the server below Fastify, which sets no times on a server that it did not create itself. */
function createBoundedServer(bounds: ConnectionBounds, handle: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: bounds.headMs,
      requestTimeout: bounds.requestMs,
      keepAliveTimeout: bounds.idleMs,
      connectionsCheckingInterval: bounds.checkEveryMs,
      maxHeaderSize: maxHeadBytes,
      // requestHead.ts refuses a missing host, in the form of other refusals.
      requireHostHeader: false,
    },
    handle,
  );
  server.setTimeout(bounds.silentMs);
  server.maxConnections = bounds.maxConnections;
  // Connections that wait for their next request make room for a new one, which its client opens again.
  server.on('drop', () => server.closeIdleConnections());
  server.on('checkExpectation', (_request, response) => {
    const body = JSON.stringify(bodyOfStatus(417));
    response.writeHead(417, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      connection: 'close',
    });
    response.end(body);
  });
  return server;
}

/** Creates the HTTP application without routes: sizes, times, request ids, and the responses to malformed heads. */
export function createApp({ newId, logger, bounds, respondEarly, refusals }: AppOptions): FastifyInstance {
  return Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    requestIdHeader: false,
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 100 },
    serverFactory: handle =>
      createBoundedServer(bounds, (request, response) => {
        if (!respondEarly(request, response)) handle(request, response);
      }).on('connect', ({ socket }) => refuseTunnel(socket, refusals)),
    clientErrorHandler: (error, socket) => void respondToClientError(error, socket, refusals),
    frameworkErrors: respondToFrameworkError,
  });
}
