import { timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../domain/errors';
import type { Principal } from '../../domain/role';
import { hashSecret, parseApiKey } from '../../graphql/apiKey/apiKeySecret';
import type { ApiKeyRecord, ApiKeyStore } from '../../store/ports/apiKey';
import { createShortMemory } from './shortMemory';

/** Checks API keys. */
export interface ApiKeyChecker {
  /** @throws {GatewayError} UNAUTHENTICATED: the same answer for every reason, so that nothing can be learnt from it */
  check(credential: string, now: number): Promise<Principal>;
  /** Makes a revocation count from the next request on. */
  forget(id: string): void;
}

const rememberMs = 5000;
const touchEveryMs = 60_000;
const rememberedKeys = 10_000;
/** What a secret is compared with when there is no such key, so that the time taken does not tell. */
const nobodysHash = hashSecret('');

const refuse = (): GatewayError =>
  new GatewayError(
    'UNAUTHENTICATED',
    'Expected a good API key; this one is unknown, wrong, expired or revoked. Ask an ADMIN for a new one.',
  );

const isGood = (key: ApiKeyRecord, now: number): boolean =>
  key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);

/** @param onError - told when the time of last use could not be kept */
export function createApiKeyChecker(store: ApiKeyStore, onError: (error: unknown) => void): ApiKeyChecker {
  const records = createShortMemory<ApiKeyRecord | null>(rememberedKeys);
  const touched = new Map<string, number>();

  async function find(id: string, now: number): Promise<ApiKeyRecord | null> {
    const known = records.fresh(id, now);
    if (known !== undefined) return known;
    const record = await store.findById(id);
    // Unknown ids are not remembered: a guesser could push out the good ones.
    if (record !== null) records.keep(id, record, now + rememberMs);
    return record;
  }

  function touch({ shopId, id, lastUsedAt }: ApiKeyRecord, now: number): void {
    if (now - (touched.get(id) ?? lastUsedAt ?? 0) < touchEveryMs) return;
    touched.set(id, now);
    store.touch(shopId, id, now).catch(onError);
  }

  return {
    async check(credential, now) {
      const parsed = parseApiKey(credential);
      const record = parsed === null ? null : await find(parsed.id, now);
      const isEqual = timingSafeEqual(hashSecret(parsed?.secret ?? ''), record?.secretHash ?? nobodysHash);
      if (record === null || !isEqual || !isGood(record, now)) throw refuse();
      touch(record, now);
      const { shopId, role, id } = record;
      return Object.freeze({ shopId, role, userId: null, credentialId: `key:${id}` });
    },
    forget(id) {
      records.forget(id);
      touched.delete(id);
    },
  };
}
