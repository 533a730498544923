import type { ShopId } from '../../domain/ids';

/** A tenant. */
export interface Shop {
  readonly id: ShopId;
  readonly name: string;
  readonly defaultLocale: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly interactionRetentionDays: number | null;
  readonly listRetentionDays: number;
}

/** Tenants. */
export interface ShopStore {
  find(shopId: ShopId): Promise<Shop | null>;
  upsert(shop: Shop): Promise<void>;
  list(): Promise<readonly Shop[]>;
}
