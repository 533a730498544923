import type { ShopId } from '../../domain/ids';
import type { Role } from '../../domain/role';

/** A key as it is kept: the secret only as its SHA-256. */
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

/** API keys. Key ids are unique over all shops, so that a key names its shop. */
export interface ApiKeyStore {
  insert(key: ApiKeyRecord): Promise<void>;
  findById(id: string): Promise<ApiKeyRecord | null>;
  listOf(shopId: ShopId): Promise<readonly ApiKeyRecord[]>;
  revoke(shopId: ShopId, id: string, now: number): Promise<boolean>;
  touch(shopId: ShopId, id: string, now: number): Promise<void>;
}
