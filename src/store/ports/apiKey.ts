import type { ShopId } from '../../domain/ids';
import type { Role } from '../../domain/role';

/** A stored API key. The secret is stored only as its SHA-256. */
export interface ApiKeyRecord {
  readonly shopId: ShopId;
  readonly id: string;
  readonly label: string;
  readonly role: Role;
  readonly secretHash: Uint8Array;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

/** Stores API keys. Key ids are unique over all shops, so that a key identifies its shop. */
export interface ApiKeyStore {
  insert(key: ApiKeyRecord): Promise<void>;
  findById(id: string): Promise<ApiKeyRecord | null>;
  /** Includes revoked keys. */
  listOf(shopId: ShopId): Promise<readonly ApiKeyRecord[]>;
  /** Returns whether the key was valid before. */
  revoke(shopId: ShopId, id: string, now: number): Promise<boolean>;
  /** Stores the time of last use. */
  touch(shopId: ShopId, id: string, now: number): Promise<void>;
}
