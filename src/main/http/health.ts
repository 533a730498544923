import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics';
import { createPace } from './pace';

/** A component of the gateway, such as the database. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects or returns false when the component is not available. */
  readonly isReady: () => Promise<boolean> | boolean;
  /** Whether the gateway serves without it, from memory: readiness is then `degraded`. By default it does not. */
  readonly isOptional?: boolean;
}

const checkTimeoutMs = 2000;
/** Times of a readiness probe in milliseconds. */
export interface ProbeTimes {
  /** A result that is younger than this is used again. */
  readonly freshMs: number;
  /** A result that is older than this is never used again. */
  readonly staleMs: number;
  /** Time that a response waits for checks while there is an earlier result. */
  readonly patienceMs: number;
}

const defaultTimes: ProbeTimes = { freshMs: 500, staleMs: 30_000, patienceMs: 10 };

type Components = Readonly<Record<string, boolean>>;

async function passes({ isReady }: ReadinessCheck): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, checkTimeoutMs, false);
  });
  try {
    return await Promise.race([Promise.resolve().then(isReady), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function within<Value>(
  promise: Promise<Value>,
  milliseconds: number,
  otherwise: Value,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Value>(resolve => {
    timer = setTimeout(resolve, milliseconds, otherwise);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Creates a function that returns which components are ready. Checks run one at a time, however many ask. A slow check,
 * such as a ping that waits for a database connection, delays a response by `patienceMs` at most: the last result, up to
 * `staleMs` old, is returned in its place, and the next request gets the new one.
 */
export function createReadinessProbe(
  checks: readonly ReadinessCheck[],
  { freshMs, staleMs, patienceMs } = defaultTimes,
): () => Promise<Components> {
  let last: { readonly components: Components; readonly at: number } | null = null;
  let running: Promise<Components> | null = null;

  async function run(): Promise<Components> {
    const results = await Promise.all(checks.map(async check => [check.name, await passes(check)] as const));
    const components = Object.fromEntries(results);
    last = { components, at: performance.now() };
    running = null;
    return components;
  }

  return () => {
    const ageMs = last === null ? Number.POSITIVE_INFINITY : performance.now() - last.at;
    if (last !== null && ageMs < freshMs) return Promise.resolve(last.components);
    running ??= run();
    return last === null || ageMs > staleMs ? running : within(running, patienceMs, last.components);
  };
}

/** The response of `/health/ready`. */
export interface Readiness {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Creates a function that returns whether the gateway serves: `ready`; from memory, without optional components
 * (`degraded`); or not, and what is missing. It never rejects.
 */
export function createReadiness(
  checks: readonly ReadinessCheck[],
  isDraining: () => boolean,
): () => Promise<Readiness> {
  const probe = createReadinessProbe(checks);
  const optional = new Set(checks.filter(({ isOptional }) => isOptional === true).map(({ name }) => name));
  return async () => {
    const parts = await probe();
    const missing = Object.keys(parts).filter(name => !parts[name]);
    if (isDraining()) missing.push('draining');
    if (missing.length === 0) return { status: 200, body: { status: 'ready', parts } };
    return missing.every(name => optional.has(name))
      ? { status: 200, body: { status: 'degraded', missing, parts } }
      : { status: 503, body: { status: 'unavailable', missing, parts } };
  };
}

/**
 * Adds `/health/live` (the process runs), `/health/ready` (it serves, or serves from memory without
 * some components: 200 and `degraded`; otherwise 503 with the missing ones) and `/metrics`. They need no credential: they contain counts and names of components, and nothing about shops or people.
 */
export function addHealthRoutes(
  app: FastifyInstance,
  readiness: () => Promise<Readiness>,
  metrics: Metrics,
): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const { status, body } = await readiness();
    if (status === 503) reply.header('retry-after', '1');
    return reply.code(status).send(body);
  });
  const metricsPace = createPace({ perSecond: 10, burst: 20 });
  app.get('/metrics', async (_request, reply) => {
    await metricsPace.wait();
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
