import { createHash, randomBytes } from 'node:crypto';

const keyPattern = /^aff_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** An API key, taken apart. */
export interface ApiKey {
  readonly id: string;
  readonly secret: string;
}

/** SHA-256 of a secret. The secret is 256 random bits, so that nothing is gained by a slow hash. */
export const hashSecret = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();

/** A new key: what the caller keeps, and what the store keeps. */
export interface NewApiKey {
  readonly id: string;
  /** `aff_<id>_<secret>`: shown once. */
  readonly key: string;
  readonly secretHash: Uint8Array;
}

/** Makes a key of 32 random bytes under a random id. */
export function newApiKey(): NewApiKey {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { id, key: `aff_${id}_${secret}`, secretHash: hashSecret(secret) };
}

/** Whether a bearer credential claims to be an API key. */
export const looksLikeApiKey = (credential: string): boolean => credential.startsWith('aff_');

/** Null when it has not the form of a key. */
export function parseApiKey(credential: string): ApiKey | null {
  const match = keyPattern.exec(credential);
  return match === null ? null : { id: match[1], secret: match[2] };
}
