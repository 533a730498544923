import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** How a server stops. */
export interface DrainTimes {
  /** Time from the start of the drain during which new connections are still accepted while readiness is false. */
  readonly drainMs: number;
  /** Time from the start of the drain after which unfinished requests are cut. */
  readonly graceMs: number;
}

/** The stop of a server. */
export interface Drain {
  readonly isDraining: () => boolean;
  /**
   * Drains and closes the server: readiness is false and responses carry `Connection: close`; after `drainMs` no connection
   * is accepted; after the last response, or `graceMs`, the remaining connections are closed.
   */
  run(times: DrainTimes): Promise<void>;
}

/** Follows what arrives at a server. */
interface Arrivals {
  /** Requests from their head to the last byte of their response. */
  active(): number;
  /** Connections and requests since the start. */
  total(): number;
  /** Resolves when no request is active. */
  none(): Promise<void>;
  /** Lets the responses that have not begun, and all later ones, close their connection. */
  closeAfterResponses(): void;
}

function followArrivals({ server }: FastifyInstance): Arrivals {
  const active = new Set<ServerResponse>();
  let total = 0;
  let isClosing = false;
  let waiting: (() => void)[] = [];
  const ended = (response: ServerResponse): void => {
    if (!active.delete(response) || active.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  /** Responses per connection: when it closes, Node tells only the one that is being sent, not those that follow it. */
  const responses = new WeakMap<Socket, Set<ServerResponse>>();
  server.on('connection', (socket: Socket) => {
    total++;
    const own = new Set<ServerResponse>();
    responses.set(socket, own);
    socket.once('close', () => {
      for (const response of own) ended(response);
    });
  });
  // Not a hook of Fastify, which does not see the requests that are refused before it.
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const own = responses.get(socket);
    active.add(response);
    own?.add(response);
    total++;
    if (isClosing) response.shouldKeepAlive = false;
    response.once('close', () => {
      own?.delete(response);
      ended(response);
    });
  });
  return {
    active: () => active.size,
    total: () => total,
    none: () => (active.size === 0 ? Promise.resolve() : new Promise(resolve => waiting.push(resolve))),
    closeAfterResponses() {
      isClosing = true;
      for (const response of active) if (!response.headersSent) response.shouldKeepAlive = false;
    },
  };
}

/** Turns of the event loop without an arrival after which the kernel is taken to hold nothing more. */
const quietTurns = 3;
/** Turns at most: one per connection of Node's default backlog (511), and some. Later arrivals must not delay the stop. */
const maxTurns = 600;

/**
 * Lets the event loop accept the connections and read the requests that the kernel holds already, which takes it one turn
 * per connection. Without this, a server that was busy would reset clients whose requests had arrived.
 */
async function readArrived({ total }: Arrivals, deadline: number): Promise<void> {
  let quiet = 0;
  for (let turn = 0; turn < maxTurns && quiet < quietTurns && performance.now() < deadline; turn++) {
    const before = total();
    await new Promise<void>(resolve => setImmediate(resolve));
    quiet = total() > before ? 0 : quiet + 1;
  }
}

/** Waits until no request is active, or the deadline (a value of performance.now) passes. */
async function waitForResponses(arrivals: Arrivals, deadline: number): Promise<void> {
  do {
    const abort = new AbortController();
    const late = pause(Math.max(0, deadline - performance.now()), undefined, { signal: abort.signal });
    await Promise.race([arrivals.none(), late.catch(() => undefined)]);
    abort.abort();
    await readArrived(arrivals, deadline);
  } while (arrivals.active() > 0 && performance.now() < deadline);
}

/** Prepares the drain of a server. Call it before any route is added. */
export function addDrain(app: FastifyInstance): Drain {
  let isDraining = false;
  const arrivals = followArrivals(app);
  return {
    isDraining: () => isDraining,
    async run({ drainMs, graceMs }) {
      isDraining = true;
      arrivals.closeAfterResponses();
      const deadline = performance.now() + graceMs;
      if (drainMs > 0) {
        await pause(Math.min(drainMs, graceMs));
        await readArrived(arrivals, deadline);
      }
      // Stops accepting only. The close of http.Server would also destroy connections whose response is being written.
      Server.prototype.close.call(app.server);
      await waitForResponses(arrivals, deadline);
      // Also connections that are not idle to Node: an answered request whose body never came, or a part of a head.
      app.server.closeAllConnections();
      await app.close();
    },
  };
}
