import { createHash, randomBytes } from 'node:crypto';

const keyPattern = /^aff_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** The parts of an API key. */
export interface ApiKey {
  readonly id: string;
  readonly secret: string;
}

/** Returns the SHA-256 of a secret. A secret has 256 random bits, so a slow hash would not make it safer. */
export const hashSecret = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();

/** A new key: its text for the caller, and its hash for the store. */
export interface NewApiKey {
  readonly id: string;
  /** `aff_<id>_<secret>`. Shown once. */
  readonly key: string;
  readonly secretHash: Uint8Array;
}

/** Creates a key of 32 random bytes with a random id. */
export function newApiKey(): NewApiKey {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { id, key: `aff_${id}_${secret}`, secretHash: hashSecret(secret) };
}

/** Returns whether a bearer credential has the prefix of an API key. */
export const looksLikeApiKey = (credential: string): boolean => credential.startsWith('aff_');

/** Returns null when the credential does not have the form of an API key. */
export function parseApiKey(credential: string): ApiKey | null {
  const match = keyPattern.exec(credential);
  return match === null ? null : { id: match[1], secret: match[2] };
}
