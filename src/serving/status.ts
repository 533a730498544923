import { GatewayError } from '../domain/errors';
import type { ShopId } from '../domain/ids';
import type { LiveShop } from './liveShop';

/** A model in service. */
export interface LiveModelStatus {
  readonly model: string;
  readonly version: string;
  readonly publishedAt: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}

/** An artifact that should serve and does not. */
export interface RefusedModelStatus {
  readonly model: string;
  readonly version: string;
  /** Code of the error, or INTERNAL for one that was not foreseen. */
  readonly code: string;
}

/** What serves a shop. */
export interface ShopStatus {
  readonly shopId: ShopId;
  /** Products in the catalogue in memory. */
  readonly products: number;
  readonly models: readonly LiveModelStatus[];
  readonly refused: readonly RefusedModelStatus[];
}

/** @param shop - undefined for one that is not loaded: nothing serves it yet */
export function statusOf(shopId: ShopId, shop: LiveShop | undefined): ShopStatus {
  if (shop === undefined) return { shopId, products: 0, models: [], refused: [] };
  return {
    shopId,
    products: shop.catalogue.size,
    models: Array.from(shop.shelf.current().values(), ({ record }) => ({
      model: record.model,
      version: record.version,
      publishedAt: record.publishedAt,
      metrics: record.metrics,
    })),
    refused: Array.from(shop.shelf.refused().values(), ({ record, error }) => ({
      model: record.model,
      version: record.version,
      code: error instanceof GatewayError ? error.code : 'INTERNAL',
    })),
  };
}
