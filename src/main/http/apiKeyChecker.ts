import { timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../../domain/errors';
import type { Principal } from '../../domain/role';
import { hashSecret, parseApiKey } from '../../graphql/apiKey/apiKeySecret';
import type { ApiKeyRecord, ApiKeyStore } from '../../store/ports/apiKey';
import { createExpiringCache } from './expiringCache';

/** Checks API keys. */
export interface ApiKeyChecker {
  /** @throws {GatewayError} UNAUTHENTICATED, with the same message for every reason, so that it reveals nothing */
  check(credential: string, now: number): Promise<Principal>;
  /** Drops the cached key, so that a revocation takes effect with the next request. */
  forget(id: string): void;
}

const cachedMs = 5000;
const touchEveryMs = 60_000;
const maxCachedKeys = 10_000;
/** The secret of an unknown key is compared with this, so that the response time does not reveal that it is unknown. */
const hashOfUnknownKey = hashSecret('');

const refuse = (): GatewayError =>
  new GatewayError(
    'UNAUTHENTICATED',
    'Expected a valid API key; got one that is unknown, wrong, expired or revoked. Ask an ADMIN for a new one.',
  );

const isValid = (key: ApiKeyRecord, now: number): boolean =>
  key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);

/** @param onError - called when the time of last use could not be stored */
export function createApiKeyChecker(store: ApiKeyStore, onError: (error: unknown) => void): ApiKeyChecker {
  const records = createExpiringCache<ApiKeyRecord | null>(maxCachedKeys);
  const touched = new Map<string, number>();

  async function find(id: string, now: number): Promise<ApiKeyRecord | null> {
    const cached = records.fresh(id, now);
    if (cached !== undefined) return cached;
    const record = await store.findById(id).catch((error: unknown) => {
      // While the database is unavailable, keys that were valid stay valid: nobody can revoke one meanwhile.
      const last = records.stale(id);
      if (last !== undefined && error instanceof GatewayError && error.code === 'UNAVAILABLE') return last;
      throw error;
    });
    // Unknown ids are not cached: guessed ids could displace valid keys.
    if (record !== null) records.set(id, record, now + cachedMs);
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
      const isEqual = timingSafeEqual(
        hashSecret(parsed?.secret ?? ''),
        record?.secretHash ?? hashOfUnknownKey,
      );
      if (record === null || !isEqual || !isValid(record, now)) throw refuse();
      touch(record, now);
      const { shopId, role, id } = record;
      return Object.freeze({ shopId, role, userId: null, credentialId: `key:${id}` });
    },
    forget(id) {
      records.delete(id);
      touched.delete(id);
    },
  };
}
