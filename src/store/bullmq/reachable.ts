import { Redis } from 'ioredis';
import { GatewayError } from '../../domain/errors';

const connectMs = 3_000;

/** Checks that a Redis responds. @throws {GatewayError} UNAVAILABLE that names the cause, without the password */
export async function checkRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectMs,
    commandTimeout: connectMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause: unknown;
  client.on('error', error => {
    cause = error;
  });
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    const { code, message } = (cause ?? error) as NodeJS.ErrnoException;
    const { hostname, port } = new URL(url);
    throw new GatewayError(
      'UNAVAILABLE',
      `Expected a Redis at ${hostname}:${port || 6379}; got ${code ?? message}. Start it, correct REDIS_URL, or unset it to keep jobs in PostgreSQL.`,
      {},
      { cause: cause ?? error },
    );
  } finally {
    client.disconnect();
  }
}
