import { GatewayError } from '../../src/domain/errors';

/** Fails as a store that is down. */
export const unavailable = async (): Promise<never> => {
  throw new GatewayError('UNAVAILABLE', 'Expected a database; got none. Try again.');
};
