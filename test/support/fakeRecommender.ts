import type { ListId, ProductId, ShopId, UserId } from '../../src/domain/ids';
import { toListId } from '../../src/domain/ids';
import type { Product } from '../../src/domain/product';
import type { RecommendationList } from '../../src/domain/recommendation';
import { defaultShopPolicy } from '../../src/domain/shopPolicy';
import type { RecommendationService } from '../../src/graphql/request/services';
import type { SimilarRequest } from '../../src/serving/lists/request';
import type { RecommendFilters } from '../../src/serving/live/filter';
import type { Recommender } from '../../src/serving/recommender';
import type { Stores } from '../../src/store/ports/stores';

/** A recommender for tests of the layers above it, and a record of the requests it received. */
export interface FakeRecommender
  extends RecommendationService,
    Pick<Recommender, 'refreshCatalogue' | 'refreshPolicy'> {
  readonly asked: { readonly kind: 'recommend' | 'similar' | 'together'; readonly request: unknown }[];
  readonly productReads: number;
  readonly catalogueReads: number;
}

const dayMs = 86_400_000;
const liveModels = [
  {
    model: 'popularity',
    version: '20260101T000000Z-test',
    publishedAt: 1_767_225_600_000,
    metrics: { 'ndcg@10': 0.1 },
  },
];
const refusedModels = [{ model: 'collaborative', version: '20260102T000000Z-bad', code: 'ARTIFACT_DAMAGED' }];

const passes = (
  product: Product,
  { category, minPriceMinor, maxPriceMinor, inStock }: RecommendFilters,
): boolean =>
  (category ?? []).every((step, depth) => product.categoryPath[depth] === step) &&
  (product.priceMinor ?? 0) >= (minPriceMinor ?? 0) &&
  (product.priceMinor ?? 0) <= (maxPriceMinor ?? Number.POSITIVE_INFINITY) &&
  (inStock !== true || product.stock === null || product.stock > 0);

interface Draft {
  readonly shopId: ShopId;
  readonly userId: UserId | null;
  readonly sourceProductId: ProductId | null;
  readonly placement: string;
  readonly first: number;
  readonly filters: RecommendFilters;
  readonly excluded: readonly ProductId[];
  readonly strategy: string | undefined;
  readonly now: number;
}

/** A list for given products: it excludes all of them, and has a source product when there is exactly one. */
const besideProducts = (
  request: Omit<SimilarRequest, 'productId'>,
  productIds: readonly ProductId[],
): Draft => ({
  ...request,
  sourceProductId: productIds.length === 1 ? productIds[0] : null,
  excluded: [...request.excludeProductIds, ...productIds],
  strategy: request.strategy,
});

/** Says of the first twelve products that the shopper buys them again, the first soonest. */
const fakeBuyAgain =
  (stores: Stores): RecommendationService['buyAgain'] =>
  async ({ shopId, userId, now }) => {
    if (userId === null) return { products: [], degraded: 'COLD_START', asOf: now };
    const { rows } = await stores.products.page(shopId, { first: 12 });
    const products = rows.map(({ id }, index) => ({
      productId: id,
      within7Days: 1 / (index + 2),
      within30Days: 1 / (index + 1),
      dueAt: index > 6 ? null : now + (index + 1) * dayMs,
      lastBoughtAt: now - 10 * dayMs,
      timesBought: 12 - index,
    }));
    return { products, degraded: null, asOf: now };
  };

/** Ranks the shop's products by id, the shopper's own purchases left out, over the given stores. */
export function createFakeRecommender(stores: Stores, newId: () => string): FakeRecommender {
  const asked: FakeRecommender['asked'] = [];
  const lists = new Map<ListId, RecommendationList>();
  const reads = { products: 0, catalogue: 0 };

  async function listOf(draft: Draft): Promise<RecommendationList> {
    const { shopId, userId, sourceProductId, placement, first, filters, excluded, strategy, now } = draft;
    const { rows } = await stores.products.page(shopId, { first: 1000 });
    const chosen = rows
      .filter(product => passes(product, filters) && !excluded.includes(product.id))
      .slice(0, first);
    const list: RecommendationList = {
      shopId,
      id: toListId(newId()),
      userId,
      sourceProductId,
      placement,
      strategy: strategy ?? 'popularity',
      modelVersion: '20260101T000000Z-test',
      degraded: chosen.length < first ? 'FILTERS_TOO_NARROW' : null,
      items: chosen.map(({ id }, index) => ({
        productId: id,
        rank: index + 1,
        score: 1 / (index + 1),
        source: 'MODEL',
      })),
      createdAt: now,
      expiresAt: now + 90 * dayMs,
    };
    return list;
  }

  return {
    asked,
    get productReads() {
      return reads.products;
    },
    get catalogueReads() {
      return reads.catalogue;
    },
    async recommend(request) {
      asked.push({ kind: 'recommend', request });
      const { excludeProductIds: excluded, strategy } = request;
      return listOf({ ...request, sourceProductId: null, excluded, strategy });
    },
    async similar(request) {
      asked.push({ kind: 'similar', request });
      return listOf(besideProducts(request, [request.productId]));
    },
    async together(request) {
      asked.push({ kind: 'together', request });
      return listOf(besideProducts(request, request.productIds));
    },
    buyAgain: fakeBuyAgain(stores),
    keep: list => void lists.set(list.id, list),
    async unknownProducts(shopId, ids) {
      const known = await stores.products.findMany(shopId, ids);
      return new Set(ids.filter(id => !known.has(id)));
    },
    products(shopId, ids) {
      reads.products++;
      return stores.products.findMany(shopId, ids);
    },
    async findLists(shopId, ids) {
      return new Map(
        ids.flatMap(id => {
          const list = lists.get(id);
          return list === undefined || list.shopId !== shopId ? [] : [[id, list] as const];
        }),
      );
    },
    policyOf: async shopId => (await stores.shops.find(shopId))?.policy ?? defaultShopPolicy,
    refreshPolicy: async () => undefined,
    status: () => liveModels,
    refusals: () => refusedModels,
    async refreshCatalogue() {
      reads.catalogue++;
    },
  };
}
