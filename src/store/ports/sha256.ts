import { createHash } from 'node:crypto';

const stepLength = 8 * 1024 * 1024;

/** Returns the SHA-256 of bytes without copying them, as `crypto.subtle` does; yields to the event loop on the way. */
export async function sha256Of(bytes: Uint8Array): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.length; start += stepLength) {
    if (start > 0) await new Promise(setImmediate);
    hash.update(bytes.subarray(start, start + stepLength));
  }
  return hash.digest();
}
