import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics';

/** A component that the gateway needs to serve, such as the database. */
export interface ReadinessCheck {
  readonly name: string;
  /** Rejects or returns false when the component is not available. */
  readonly isReady: () => Promise<boolean> | boolean;
}

const checkTimeoutMs = 2000;

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

/** Dependencies of the health routes. */
export interface HealthOptions {
  readonly checks: readonly ReadinessCheck[];
  readonly isDraining: () => boolean;
  readonly metrics: Metrics;
}

/**
 * Adds `/health/live` (the process runs), `/health/ready` (it can serve, otherwise 503 with the missing components) and
 * `/metrics`. They need no credential: they contain counts and names of components, and nothing about shops or people.
 */
export function addHealthRoutes(app: FastifyInstance, { checks, isDraining, metrics }: HealthOptions): void {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const results = await Promise.all(checks.map(async check => [check.name, await passes(check)] as const));
    const missing = results.filter(([, ok]) => !ok).map(([name]) => name);
    if (isDraining()) missing.push('draining');
    const components = Object.fromEntries(results);
    if (missing.length === 0) return { status: 'ready', parts: components };
    return reply
      .code(503)
      .header('retry-after', '1')
      .send({ status: 'unavailable', missing, parts: components });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
