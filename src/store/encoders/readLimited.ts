import { GatewayError } from '../../domain/errors';

/**
 * Reads the body of a response as text, up to a limit in bytes.
 *
 * @throws {GatewayError} ENCODER_INVALID when it is longer
 */
export async function readLimited(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > limit) {
      throw new GatewayError(
        'ENCODER_INVALID',
        `Expected a response of at most ${limit} bytes; got more. Check AFFINITY_ENCODER_URL.`,
        { limit },
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
