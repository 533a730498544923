import { GatewayError } from '../domain/errors';

/** @throws {GatewayError} CANCELLED when the signal has aborted */
export function throwIfCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new GatewayError('CANCELLED', 'Expected to train to the end; got cancelled. Nothing was published.');
}
