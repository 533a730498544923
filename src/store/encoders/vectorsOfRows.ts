import { GatewayError } from '../../domain/errors';
import type { TextVectors } from '../ports/vector';

/** More than any text model has. */
const mostDimensions = 16_384;

const refuse = (expected: string, got: string): GatewayError =>
  new GatewayError('ENCODER_INVALID', `Expected ${expected}; got ${got}. Check the encoder's model.`, {
    expected,
    got,
  });

/**
 * Rows of equal length as one array.
 *
 * @throws {GatewayError} ENCODER_INVALID when one is missing, of another length, or not of finite numbers
 */
export function vectorsOfRows(rows: readonly ArrayLike<number>[]): TextVectors {
  const dimensions = rows[0]?.length ?? 0;
  if (rows.length > 0 && (dimensions === 0 || dimensions > mostDimensions))
    throw refuse(`vectors of 1 to ${mostDimensions} numbers`, `${dimensions}`);
  const out = new Float32Array(rows.length * dimensions);
  for (let row = 0; row < rows.length; row++) {
    const values = rows[row];
    if (values?.length !== dimensions)
      throw refuse(`${dimensions} numbers in every vector`, `${values?.length ?? 'none'}`);
    for (let k = 0; k < dimensions; k++) {
      const value = values[k];
      // Beyond a float32 a number becomes infinite.
      const isGood = typeof value === 'number' && Number.isFinite(Math.fround(value));
      if (!isGood) throw refuse('finite numbers', typeof value);
      out[row * dimensions + k] = value;
    }
  }
  return { dimensions, rows: out };
}
