import { GatewayError } from '../../domain/errors';

/** An EVALUATION_INVALID error about a file. `place` is its path, with the line number where one line is wrong. */
export function invalidFile(place: string, expected: string, got: string, remedy: string): GatewayError {
  return new GatewayError('EVALUATION_INVALID', `${place}: Expected ${expected}; got ${got}. ${remedy}`, {
    place,
    expected,
    got,
  });
}
