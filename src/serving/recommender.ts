import type { ListId, ProductId, ShopId } from '../domain/ids';
import { type Product, pricedIn } from '../domain/product';
import type { RecommendationList } from '../domain/recommendation';
import type { ShopPolicy } from '../domain/shopPolicy';
import { insights } from '../insights/registry';
import type { Model } from '../models/model';
import type { RecommendationStore } from '../store/ports/recommendation';
import type { Stores } from '../store/ports/stores';
import type { VectorIndexer } from '../store/ports/vectorIndex';
import { type BuyAgainAnswer, type BuyAgainRequest, dueProductsOf } from './lists/dueProducts';
import { createListBuffer, type ListBuffer, type ListBufferCounts } from './lists/listBuffer';
import { createListMaker, type ListCounts, type ListMaker } from './lists/listMaker';
import { bufferedListStore } from './lists/listStore';
import {
  checkFirst,
  type RecommendRequest,
  type SimilarRequest,
  type TogetherRequest,
} from './lists/request';
import { draftForShopper } from './lists/shopperDraft';
import { draftSimilar } from './lists/similarDraft';
import { checkSimilar, checkTogether } from './lists/sourceModels';
import { draftTogether } from './lists/togetherDraft';
import { defaultServingConfig, type ServingConfig } from './live/config';
import { createListening } from './live/listening';
import type { FindLiveInsight, ServedInsight } from './live/liveInsights';
import type { LiveShop } from './live/liveShop';
import { createLiveShops, type LiveShops } from './live/liveShops';
import { createProductCache } from './live/productCache';
import { type LiveModelStatus, liveModelsOf, type RefusedModelStatus, refusedModelsOf } from './live/status';
import {
  countIndices,
  createIndexing,
  type IndexCounts,
  type Indexing,
  type IndexReport,
} from './scan/indexing';

/** Serves lists, products and insights of every shop. */
export interface Recommender {
  /** Returns a list for a shopper; {@link keep} stores it. @throws {GatewayError} BAD_USER_INPUT, NOT_FOUND, UNAVAILABLE */
  recommend(request: RecommendRequest): Promise<RecommendationList>;
  /** Returns a list of products similar to one. @throws {GatewayError} BAD_USER_INPUT, NOT_FOUND, UNAVAILABLE */
  similar(request: SimilarRequest): Promise<RecommendationList>;
  /** Returns a list of products that are bought together with some products. @throws {GatewayError} BAD_USER_INPUT, NOT_FOUND, UNAVAILABLE */
  together(request: TogetherRequest): Promise<RecommendationList>;
  /** Returns what a shopper buys again, the soonest and most likely first. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
  buyAgain(request: BuyAgainRequest): Promise<BuyAgainAnswer>;
  /** Stores a list for attribution, when it is shown: a list that nobody saw has no outcome. Repeated calls store it once. */
  keep(list: RecommendationList): void;
  /** Returns the ids among these of which the shop has no product, described or not. @throws {GatewayError} UNAVAILABLE */
  unknownProducts(shopId: ShopId, ids: readonly ProductId[]): Promise<ReadonlySet<ProductId>>;
  /** Returns products by id, from memory where possible; unknown ids are absent. @throws {GatewayError} UNAVAILABLE */
  products(shopId: ShopId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, Product>>;
  /** As {@link Recommender.products}, without prices in other currencies than the shop's: models compare amounts. */
  comparableProducts(shopId: ShopId, ids: readonly ProductId[]): Promise<ReadonlyMap<ProductId, Product>>;
  /** Returns stored lists by id, including those not yet written; unknown ids are absent. @throws {GatewayError} UNAVAILABLE */
  findLists(shopId: ShopId, ids: readonly ListId[]): Promise<ReadonlyMap<ListId, RecommendationList>>;
  /** The lists' store including lists not yet written: other layers read lists through it. */
  readonly lists: RecommendationStore;
  readonly liveInsight: FindLiveInsight;
  /** Returns the models and insights that serve a shop now. */
  status(shopId: ShopId): readonly LiveModelStatus[];
  /** Returns the artifacts that should serve a shop but could not be loaded. */
  refusals(shopId: ShopId): readonly RefusedModelStatus[];
  /** Reads models and catalogue of a shop again, including artifacts that were refused. */
  refresh(shopId: ShopId): Promise<void>;
  /** Reads what changed in a shop's catalogue. Call it after an upsert to serve the change without delay. */
  refreshCatalogue(shopId: ShopId): Promise<void>;
  /** Returns the policy by which a shop is served now. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
  policyOf(shopId: ShopId): Promise<ShopPolicy>;
  /** Reads a shop's policy. Call it after a change to serve by it without delay. */
  refreshPolicy(shopId: ShopId): Promise<void>;
  /** Subscribes to changes and loads every shop. @throws {GatewayError} UNAVAILABLE */
  start(): Promise<void>;
  /** Stops listening and writes the lists that are still buffered. */
  stop(): Promise<void>;
  /** Returns whether start has ended and stop has not begun. */
  ready(): boolean;
  counts(): RecommenderCounts;
}

/** Counts since the start, for metrics. */
export interface RecommenderCounts {
  readonly lists: ListCounts;
  readonly listBuffer: ListBufferCounts;
  readonly cachedProducts: number;
  readonly shops: number;
  readonly indices: IndexCounts;
}

/** What a recommender needs. */
export interface RecommenderOptions {
  readonly stores: Stores;
  /** Returns the model of a name (`modelByName` of src/models/registry.ts). @throws {GatewayError} BAD_USER_INPUT when there is none */
  readonly loadModel: (name: string) => Model;
  /** Insights that may serve; those of the registry by default. */
  readonly insights?: readonly ServedInsight[];
  /** A UUIDv7 for a list made at `now`. */
  readonly newId: (now: number) => string;
  /** Called with errors raised outside a request: loading, listening, writing lists. */
  readonly onError: (error: unknown) => void;
  /** Builds indices of models with at least `indexFrom` products; without it every search is exact. */
  readonly indexer?: VectorIndexer | null;
  /** Called with every index that was built, whether it is used or not. */
  readonly onIndexed?: (report: IndexReport) => void;
  /** Settings that differ from {@link defaultServingConfig}. */
  readonly config?: Partial<ServingConfig>;
}

function buffer({ stores, onError }: RecommenderOptions, config: ServingConfig): ListBuffer {
  return createListBuffer({
    store: stores.recommendations,
    flushMs: config.listFlushMs,
    batch: config.listBatch,
    maxPending: config.maxPendingLists,
    onError,
  });
}

function indexingOf(options: RecommenderOptions, { indexFrom }: ServingConfig): Indexing | null {
  const { indexer, onIndexed = () => undefined, onError } = options;
  return indexer ? createIndexing({ indexer, from: indexFrom, onIndexed, onError }) : null;
}

function countShops(shops: LiveShops): Pick<RecommenderCounts, 'shops' | 'indices'> {
  const loaded = [...shops.loaded().values()];
  return { shops: loaded.length, indices: countIndices(loaded.map(({ shelf }) => shelf.current())) };
}

async function refreshAgain({ refreshPolicy, refreshCatalogue, shelf, insights }: LiveShop): Promise<void> {
  await refreshPolicy();
  await refreshCatalogue();
  await shelf.refresh(true);
  await insights.refresh(true);
}

/** Methods that read parts of a shop again, and the one that returns its policy. */
const refreshersOf = (
  shops: LiveShops,
): Pick<Recommender, 'refresh' | 'refreshCatalogue' | 'refreshPolicy' | 'policyOf'> => ({
  refresh: async shopId => await refreshAgain(await shops.of(shopId)),
  refreshCatalogue: async shopId => await (await shops.of(shopId)).refreshCatalogue(),
  refreshPolicy: async shopId => await (await shops.of(shopId)).refreshPolicy(),
  policyOf: async shopId => (await shops.of(shopId)).policy(),
});

/** What the methods that make lists need. */
interface Listing {
  readonly loadModel: RecommenderOptions['loadModel'];
  readonly shops: LiveShops;
  readonly maker: ListMaker;
  readonly config: ServingConfig;
}

/** Methods that make lists. */
const listersOf = ({
  loadModel,
  shops,
  maker,
  config,
}: Listing): Pick<Recommender, 'recommend' | 'similar' | 'together'> => ({
  async recommend(request) {
    checkFirst(request.first, config.maxFirst);
    const asked = request.strategy === undefined ? null : loadModel(request.strategy).card;
    const shop = await shops.of(request.shopId);
    const reading = request.userId === null ? null : await shop.readShopper(request.userId);
    const draft = draftForShopper(shop, request, asked, reading, config);
    return maker.make(shop, request, draft, request.currentProductId);
  },
  async similar(request) {
    checkFirst(request.first, config.maxFirst);
    const asked = request.strategy === undefined ? null : loadModel(request.strategy).card;
    checkSimilar(asked);
    const shop = await shops.of(request.shopId);
    return maker.make(shop, request, draftSimilar(shop, request, asked, config), request.productId);
  },
  async together(request) {
    checkFirst(request.first, config.maxFirst);
    const asked = request.strategy === undefined ? null : loadModel(request.strategy).card;
    checkTogether(asked);
    const shop = await shops.of(request.shopId);
    const source = request.productIds.length === 1 ? request.productIds[0] : null;
    return maker.make(shop, request, draftTogether(shop, request, asked, config), source);
  },
});

/** Looks ids up in the catalogue in memory, and only those that are not there in the store. */
const unknownProductsOf =
  (shops: LiveShops, products: Stores['products']): Recommender['unknownProducts'] =>
  async (shopId, ids) => {
    const { catalogue } = await shops.of(shopId);
    const missing = new Set(ids.filter(id => catalogue.rowOf(id) < 0));
    if (missing.size === 0) return missing;
    for (const id of (await products.findMany(shopId, [...missing])).keys()) missing.delete(id);
    return missing;
  };

/** Composes the folders of serving/. main/ calls it once per process. */
export function createRecommender(options: RecommenderOptions): Recommender {
  const { stores, loadModel, onError } = options;
  const config: ServingConfig = { ...defaultServingConfig, ...options.config };
  const cache = createProductCache(
    (shopId, ids) => stores.products.findMany(shopId, ids),
    config.cachedProducts,
  );
  const lists = buffer(options, config);
  const indexing = indexingOf(options, config);
  const maker = createListMaker(options.newId);
  const shops = createLiveShops({
    stores,
    loadModel,
    insights: options.insights ?? insights,
    config,
    indexing,
    onError,
    onProducts: cache.put,
  });
  const listening = createListening({ stores, shops, reconcileMs: config.reconcileMs, onError });

  return {
    ...listersOf({ loadModel, shops, maker, config }),
    async buyAgain(request) {
      const shop = await shops.of(request.shopId);
      const reading = request.userId === null ? null : await shop.readShopper(request.userId);
      return dueProductsOf(shop, request, reading);
    },
    keep: lists.add,
    unknownProducts: unknownProductsOf(shops, stores.products),
    products: cache.findMany,
    async comparableProducts(shopId, ids) {
      const currency = (await shops.of(shopId)).currency();
      const found = await cache.findMany(shopId, ids);
      return new Map(Array.from(found, ([id, product]) => [id, pricedIn(product, currency)]));
    },
    findLists: lists.findMany,
    lists: bufferedListStore(stores.recommendations, lists),
    liveInsight: async (shopId, insight) => (await shops.of(shopId)).insights.find(insight),
    status: shopId => liveModelsOf(shops.loaded().get(shopId)),
    refusals: shopId => refusedModelsOf(shops.loaded().get(shopId)),
    ...refreshersOf(shops),
    start: listening.start,
    async stop() {
      await listening.stop();
      await indexing?.stop();
      await lists.flush();
    },
    ready: listening.isOn,
    counts: () => ({
      lists: maker.counts(),
      listBuffer: lists.counts(),
      cachedProducts: cache.size,
      ...countShops(shops),
    }),
  };
}
