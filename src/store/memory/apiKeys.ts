import { GatewayError } from '../../domain/errors';
import type { ApiKeyRecord, ApiKeyStore } from '../ports/apiKey';
import { compareText } from './order';

/** Creates the in-memory store of API keys. */
export function createMemoryApiKeys(): ApiKeyStore {
  const keys = new Map<string, ApiKeyRecord>();

  function change(shopId: string, id: string, changes: Partial<ApiKeyRecord>): boolean {
    const key = keys.get(id);
    if (key === undefined || key.shopId !== shopId) return false;
    keys.set(id, { ...key, ...changes });
    return true;
  }

  return {
    async insert(key) {
      if (keys.has(key.id)) {
        throw new GatewayError(
          'BAD_USER_INPUT',
          'Expected a new key id; got one that exists. Generate another.',
        );
      }
      keys.set(key.id, { ...key, secretHash: key.secretHash.slice() });
    },
    async findById(id) {
      return keys.get(id) ?? null;
    },
    async listOf(shopId) {
      const ofShop = [...keys.values()].filter(key => key.shopId === shopId);
      return ofShop.sort((left, right) => left.createdAt - right.createdAt || compareText(left.id, right.id));
    },
    async revoke(shopId, id, now) {
      const key = keys.get(id);
      return key?.revokedAt === null && change(shopId, id, { revokedAt: now });
    },
    async touch(shopId, id, now) {
      change(shopId, id, { lastUsedAt: now });
    },
  };
}
