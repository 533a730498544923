import { randomBytes } from 'node:crypto';

/**
 * Generates a UUID of version 7 (RFC 9562): 48 bits of time, then random bits, so that ids sort by age.
 *
 * @param now - milliseconds since the epoch
 */
export function newId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Math.trunc(now), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
