import type { ProductId, ShopId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import type { Page, PageRequest } from './page';
import type { UserStore } from './user';

/** A product to write. Absent fields stay as they are. */
export type ProductUpsert = { readonly id: ProductId } & Partial<
  Omit<Product, 'shopId' | 'id' | 'isStub' | 'createdAt' | 'updatedAt'>
> & {
    /** Set by the import of an export, so that a copy has products of the same age. */
    readonly createdAt?: number;
  };

/** Filter for products. */
export interface ProductFilter {
  /** Prefix of the category path. */
  readonly category?: readonly string[];
  /** Only products with a price in this currency: amounts of different currencies are not comparable. */
  readonly price?: {
    /** ISO 4217 code. */
    readonly currency: string;
    /** Currency of products that name none. */
    readonly shopCurrency: string;
    /** Inclusive, in minor units. */
    readonly min?: number;
    /** Inclusive, in minor units. */
    readonly max?: number;
  };
  readonly inStock?: boolean;
  /** Only stubs, or only described products; both when absent. */
  readonly isStub?: boolean;
  /** Case-insensitive substring of title or id. */
  readonly text?: string;
}

/** Stores products. */
export interface ProductStore {
  /**
   * As {@link UserStore.upsertMany}; a store that several processes share sets `updatedAt` by its own clock, because theirs
   * differ. Announces a `catalogue` change after the commit.
   */
  upsertMany(
    shopId: ShopId,
    products: readonly ProductUpsert[],
    now: number,
  ): Promise<readonly ('created' | 'updated')[]>;
  findMany(shopId: ShopId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, Product>>;
  /** By (createdAt, id) ascending. */
  page(shopId: ShopId, request: PageRequest, filter?: ProductFilter): Promise<Page<Product>>;
  /** @param isStub - counts only stubs, or only described products; both when absent */
  count(shopId: ShopId, isStub?: boolean): Promise<number>;
  /** All products that changed at or after `since` (0 for all), in batches, by (updatedAt, id). */
  changedSince(shopId: ShopId, since: number): AsyncIterable<readonly Product[]>;
}
