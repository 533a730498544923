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

/** Creates a live shop. It is empty until its first refresh. */
export function createLiveShop(options: LiveShopOptions): LiveShop {
  const { stores, shopId, config, loadModel, indexing, onProducts, onError } = options;
  const catalogue = createCatalogue();
  const shelf = createModelShelf({
    shopId,
    artifacts: stores.artifacts,
    products: stores.products,
    catalogue,
    loadModel,
    isInsight: name => options.insights.some(({ card }) => card.name === name),
    config,
    indexing,
    onError,
  });
  const insights = createInsightShelf({
    shopId,
    artifacts: stores.artifacts,
    insights: options.insights,
    onError,
  });
  let policy = defaultShopPolicy;

  const refreshPolicy = coalesce(async () => {
    policy = (await stores.shops.find(shopId))?.policy ?? defaultShopPolicy;
  });
  const refreshCatalogue = coalesce(async () => {
    const since = Math.max(0, catalogue.updatedAt - config.catalogueOverlapMs);
    for await (const products of stores.products.changedSince(shopId, since)) {
      catalogue.apply(products);
      onProducts(products);
      shelf.admit(products);
      await pause();
    }
  });
  const refreshArtifacts = async (): Promise<void> => {
    await shelf.refresh();
    await insights.refresh();
  };
  return {
    shopId,
    catalogue,
    masks: createMaskCache(catalogue),
    newcomers: createNewcomers(catalogue),
    readShopper: createShopperReader({ stores, shopId, ...config }),
    shelf,
    insights,
    policy: () => policy,
    refreshPolicy,
    refreshArtifacts,
    refreshCatalogue,
    forget(userId) {
      for (const { states } of shelf.current().values()) {
        if (userId === undefined) states?.clear();
        else states?.forget(userId);
      }
    },
    sweepStates() {
      for (const { states } of shelf.current().values()) states?.sweep();
    },
    async refreshAll() {
      await refreshPolicy();
      await refreshCatalogue();
      await refreshArtifacts();
    },
  };
}
