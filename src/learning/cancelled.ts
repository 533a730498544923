import { GatewayError } from '../domain/errors';
import type { TrainContext } from './trainContext';

/** @throws {GatewayError} CANCELLED when the run was called off */
export function checkCancelled({ signal }: Pick<TrainContext, 'signal'>): void {
  if (signal.aborted)
    throw new GatewayError('CANCELLED', 'Expected to train to the end; got cancelled. Start it again.');
}
