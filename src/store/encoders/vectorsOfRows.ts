import { GatewayError } from '../../domain/errors';
import type { TextVectors } from '../ports/documentEncoder';

/** Upper bound above the dimensions of any text model. */
const maxDimensions = 16_384;

const refuse = (expected: string, got: string): GatewayError =>
  new GatewayError('ENCODER_INVALID', `Expected ${expected}; got ${got}. Check the encoder's model.`, {
    expected,
    got,
  });

/**
 * Copies rows of equal length into one array.
 *
 * @throws {GatewayError} ENCODER_INVALID when a row is missing, of another length, or contains non-finite numbers
 */
export function vectorsOfRows(rows: readonly ArrayLike<number>[]): TextVectors {
  const dimensions = rows[0]?.length ?? 0;
  if (rows.length > 0 && (dimensions === 0 || dimensions > maxDimensions))
    throw refuse(`vectors of 1 to ${maxDimensions} numbers`, `${dimensions}`);
  const out = new Float32Array(rows.length * dimensions);
  for (let row = 0; row < rows.length; row++) {
    const values = rows[row];
    if (values?.length !== dimensions)
      throw refuse(`${dimensions} numbers in every vector`, `${values?.length ?? 'none'}`);
    for (let k = 0; k < dimensions; k++) {
      const value = values[k];
      // Numbers beyond the range of float32 become infinite.
      const isGood = typeof value === 'number' && Number.isFinite(Math.fround(value));
      if (!isGood) throw refuse('finite numbers', typeof value);
      out[row * dimensions + k] = value;
    }
  }
  return { dimensions, rows: out };
}
