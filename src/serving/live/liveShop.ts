import type { ShopId, UserId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import { defaultShopPolicy, type ShopPolicy } from '../../domain/shopPolicy';
import type { Model } from '../../models/model';
import { pause } from '../../numeric/pause';
import type { Stores } from '../../store/ports/stores';
import type { Indexing } from '../scan/indexing';
import { type Catalogue, createCatalogue } from './catalogue';
import { coalesce } from './coalesce';
import type { ServingConfig } from './config';
import { createMaskCache, type MaskCache } from './filter';
import { createInsightShelf, type InsightShelf, type ServedInsight } from './liveInsights';
import { createModelShelf, type ModelShelf } from './liveModels';
import { createNewcomers, type Newcomers } from './newcomers';
import { createShopperReader, type ShopperReader } from './shopper';

/** All data of one shop that serving keeps in memory. */
export interface LiveShop {
  readonly shopId: ShopId;
  readonly catalogue: Catalogue;
  readonly masks: MaskCache;
  readonly newcomers: Newcomers;
  readonly readShopper: ShopperReader;
  readonly shelf: ModelShelf;
  readonly insights: InsightShelf;
  /** The shop's settings, as last read. */
  policy(): ShopPolicy;
  /** The shop's currency, as last read: an ISO 4217 code. */
  currency(): string;
  /** Reads the shop's settings. @throws {GatewayError} UNAVAILABLE */
  refreshPolicy(): Promise<void>;
  /** Loads models and insights that replaced the loaded ones. */
  refreshArtifacts(): Promise<void>;
  /** Reads the products that changed. */
  refreshCatalogue(): Promise<void>;
  /** Drops the states of a shopper, or of all shoppers without an argument. */
  forget(userId?: UserId): void;
  /** Drops unused states of shoppers; called at intervals. */
  sweepStates(): void;
  /** Reads everything: settings, then the catalogue, then models and insights, which need the catalogue. */
  refreshAll(): Promise<void>;
}

/** Options of {@link createLiveShop}. */
export interface LiveShopOptions {
  readonly stores: Stores;
  readonly shopId: ShopId;
  readonly config: ServingConfig;
  readonly loadModel: (name: string) => Model;
  /** Every insight that may serve. */
  readonly insights: readonly ServedInsight[];
  readonly indexing: Indexing | null;
  /** Called with the products of each read. */
  readonly onProducts: (products: readonly Product[]) => void;
  readonly onError: (error: unknown) => void;
}

type Shelves = Pick<LiveShop, 'shelf' | 'insights'>;

function createShelves(options: LiveShopOptions, catalogue: Catalogue): Shelves {
  const { stores, shopId, insights, config, loadModel, indexing, onError } = options;
  const { artifacts, products } = stores;
  const isInsight = (name: string): boolean => insights.some(({ card }) => card.name === name);
  return {
    shelf: createModelShelf({
      ...{ shopId, artifacts, products, catalogue },
      ...{ loadModel, isInsight, config, indexing, onError },
    }),
    insights: createInsightShelf({ shopId, artifacts, insights, onError }),
  };
}

/** Reads the products that changed since the catalogue's last update, less an overlap. */
async function readChanges(
  { stores, shopId, config, onProducts }: LiveShopOptions,
  catalogue: Catalogue,
  shelf: ModelShelf,
): Promise<void> {
  const since = Math.max(0, catalogue.updatedAt - config.catalogueOverlapMs);
  for await (const products of stores.products.changedSince(shopId, since)) {
    catalogue.apply(products);
    onProducts(products);
    shelf.admit(products);
    await pause();
  }
}

/** Methods on the states of shoppers, which live models hold. */
const statesOf = (shelf: ModelShelf): Pick<LiveShop, 'forget' | 'sweepStates'> => ({
  forget(userId) {
    for (const { states } of shelf.current().values()) {
      if (userId === undefined) states?.clear();
      else states?.forget(userId);
    }
  },
  sweepStates() {
    for (const { states } of shelf.current().values()) states?.sweep();
  },
});

/** Creates a live shop. It is empty until its first refresh. */
export function createLiveShop(options: LiveShopOptions): LiveShop {
  const { stores, shopId, config } = options;
  const catalogue = createCatalogue();
  const { shelf, insights } = createShelves(options, catalogue);
  let policy = defaultShopPolicy;
  // Until the first refresh, which precedes the first list.
  let currency = 'USD';

  const refreshPolicy = coalesce(async () => {
    const shop = await stores.shops.find(shopId);
    policy = shop?.policy ?? defaultShopPolicy;
    currency = shop?.currency ?? currency;
  });
  const refreshCatalogue = coalesce(() => readChanges(options, catalogue, shelf));
  const refreshArtifacts = async (): Promise<void> => {
    await shelf.refresh();
    await insights.refresh();
  };
  return {
    shopId,
    catalogue,
    masks: createMaskCache(catalogue, () => currency),
    newcomers: createNewcomers(catalogue),
    readShopper: createShopperReader({ stores, shopId, ...config }),
    shelf,
    insights,
    policy: () => policy,
    currency: () => currency,
    refreshPolicy,
    refreshArtifacts,
    refreshCatalogue,
    ...statesOf(shelf),
    async refreshAll() {
      await refreshPolicy();
      await refreshCatalogue();
      await refreshArtifacts();
    },
  };
}
