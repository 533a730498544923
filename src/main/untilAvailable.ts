import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '../domain/errors';

const retryMs = 250;
/** A start may wait this long for a database that was reached before: it may be busy with its own start. */
const startMs = 30_000;

/**
 * Repeats work of a start while the database does not respond in the time of a request.
 *
 * @param work - may be repeated
 * @throws {GatewayError} UNAVAILABLE after half a minute; any other error at once
 */
export async function untilAvailable<Result>(work: () => Promise<Result>): Promise<Result> {
  const until = performance.now() + startMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isUnavailable = error instanceof GatewayError && error.code === 'UNAVAILABLE';
      if (!isUnavailable || performance.now() > until) throw error;
      await pause(retryMs);
    }
  }
}
