import { createHash } from 'node:crypto';
import type { Artifact } from '../../src/artifact/artifact';
import { encodeArtifact } from '../../src/artifact/encode';
import {
  type ProductId,
  type ShopId,
  toEventId,
  toProductId,
  toShopId,
  toUserId,
} from '../../src/domain/ids';
import type { Interaction, InteractionType } from '../../src/domain/interaction';
import { productArrays, productsOf } from '../../src/learning/productArrays';
import type { Model, ModelCard, ModelOf } from '../../src/models/model';
import { scoresArtifact } from '../../src/models/productScores';
import { modelByName } from '../../src/models/registry';
import type { RecommendRequest, SimilarRequest } from '../../src/serving/lists/request';
import type { ServingConfig } from '../../src/serving/live/config';
import { createRecommender, type Recommender, type RecommenderOptions } from '../../src/serving/recommender';
import { vocabularyOf } from '../../src/snapshot/vocabulary';
import { createMemoryStores } from '../../src/store/memory/stores';
import type { ProductUpsert } from '../../src/store/ports/product';
import type { Stores } from '../../src/store/ports/stores';

export const shopId = toShopId('shop');
export const now = Date.UTC(2026, 0, 15);
export const product = (row: number): ProductId => toProductId(`p${String(row).padStart(3, '0')}`);

const nearbyCard = {
  name: 'nearby',
  summary: 'For tests: products are alike when their numbers are close.',
  source: 'None: a ruler.',
  needs: { events: 1, users: 1 },
  capabilities: ['similar'],
  servesAs: 'MODEL',
} as const satisfies ModelCard;

/**
 * A predictable personal model: scores fall with the distance of row numbers to liked products, and rise with that to
 * disliked ones.
 */
const nearby: ModelOf<typeof nearbyCard> = {
  card: nearbyCard,
  train: () => Promise.reject(new Error('Expected not to be trained.')),
  load(artifact) {
    const products = productsOf(artifact);
    const closeness = (a: number, b: number): number => 1 / (1 + Math.abs(a - b));
    return {
      products,
      scoreInto(histories, out) {
        out.fill(Number.NaN);
        for (const [index, { productRows, weights }] of histories.entries()) {
          for (let row = 0; row < products.size && productRows.length > 0; row++) {
            out[index * products.size + row] = productRows.reduce(
              (sum, liked, at) => sum + weights[at] * closeness(liked, row),
              0,
            );
          }
        }
      },
      similarInto(productRow, out) {
        for (let row = 0; row < products.size; row++) out[row] = closeness(productRow, row);
        out[productRow] = Number.NaN;
      },
    };
  },
};

const header = { config: {}, snapshotDigest: 'd'.repeat(64), asOf: now, seed: 1 };

/** Artifact of {@link nearby}. */
export const nearbyArtifact = (ids: readonly string[]): Artifact => ({
  header: { ...header, model: 'nearby' },
  arrays: new Map(productArrays(vocabularyOf(ids))),
});

/** Publishes an artifact as training would. */
export async function publish(
  stores: Stores,
  artifact: Artifact,
  version: string,
  shop: ShopId = shopId,
  metrics: Readonly<Record<string, number>> = { 'recall@10': 0.5 },
): Promise<void> {
  const bytes = await encodeArtifact(artifact);
  const id = `${artifact.header.model}-${version}`;
  const record = {
    shopId: shop,
    id,
    model: artifact.header.model,
    version,
    snapshotDigest: artifact.header.snapshotDigest,
    checksum: createHash('sha256').update(bytes).digest('hex'),
    byteLength: bytes.length,
    config: {},
    metrics,
    isLive: false,
    createdAt: now,
    publishedAt: null,
  };
  await stores.artifacts.save(record, bytes);
  await stores.artifacts.publish(shop, id, now);
}

/** Waits until a condition holds, one turn of the event loop at a time. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (condition()) return;
    await new Promise(resolve => setImmediate(resolve));
  }
  throw new Error('Expected the condition to come true within 10,000 turns of the event loop.');
}

/** One interaction; a test gives only the fields it needs. */
export function interaction(
  id: string,
  user: string,
  productId: ProductId,
  type: InteractionType = 'VIEW',
  occurredAt = now - 1_000,
): Interaction {
  return {
    shopId,
    id: toEventId(id),
    userId: toUserId(user),
    productId,
    type,
    value: null,
    priceMinor: null,
    queryText: null,
    sessionId: null,
    occurredAt,
    receivedAt: occurredAt,
    attribution: null,
  };
}

/** Forty products: even rows in Home/Mugs, odd ones in Garden; price 100 × row; every fourth out of stock. */
function testProducts(count = 40): ProductUpsert[] {
  return Array.from({ length: count }, (_, row) => ({
    id: product(row),
    title: `Product ${row}`,
    categoryPath: row % 2 === 0 ? ['Home', 'Mugs'] : ['Garden'],
    priceMinor: 100 * row,
    stock: row % 4 === 0 ? 0 : 5,
  }));
}

export interface TestShop {
  readonly stores: Stores;
  readonly recommender: Recommender;
  readonly errors: unknown[];
}

/** Ascending ids that begin with the time. */
export function countingIds(): (at: number) => string {
  let count = 0;
  return at => `list-${at}-${count++}`;
}

const unlike: Model = {
  card: { ...nearbyCard, name: 'unlike', capabilities: [] },
  train: nearby.train,
  load: artifact => {
    const { products, scoreInto } = nearby.load(artifact);
    return { products, scoreInto };
  },
};

/** The registry, and the models of tests. */
export const loadTestModel = (name: string): Model =>
  [nearby, unlike].find(model => model.card.name === name) ?? modelByName(name);

/** A shop with a catalogue in memory stores, and a recommender that is not started. */
export async function openTestShop(
  config: Partial<ServingConfig> = {},
  count = 40,
  more: Pick<RecommenderOptions, 'indexer' | 'onIndexed'> = {},
): Promise<TestShop> {
  const stores = createMemoryStores();
  await stores.shops.upsert({
    id: shopId,
    name: 'Test',
    defaultLocale: 'en',
    currency: 'USD',
  });
  await stores.shops.changePolicy(shopId, { 'retention.listDays': 30 });
  await stores.products.upsertMany(shopId, testProducts(count), now - 10_000);
  const errors: unknown[] = [];
  const recommender = createRecommender({
    stores,
    loadModel: loadTestModel,
    newId: countingIds(),
    onError: error => errors.push(error),
    config: { reconcileMs: 0, ...config },
    ...more,
  });
  return { stores, recommender, errors };
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, row) => product(row));

/** The popular model over all products, the first one most popular. */
export const popularArtifact = (count = 40): Artifact =>
  scoresArtifact(
    { ...header, model: 'popularity' },
    vocabularyOf(idsOf(count)),
    Float32Array.from({ length: count }, (_, row) => count - row),
  );

/** As {@link openTestShop}, with `nearby` and `popularity` published and the recommender started. */
export async function openTrainedShop(config: Partial<ServingConfig> = {}, count = 40): Promise<TestShop> {
  const shop = await openTestShop(config, count);
  await publish(shop.stores, nearbyArtifact(idsOf(count)), 'v1');
  await publish(shop.stores, popularArtifact(count), 'v1');
  await shop.recommender.start();
  return shop;
}

/** A request of an anonymous visitor, with the given changes. */
export const request = (given: Partial<RecommendRequest> = {}): RecommendRequest => ({
  shopId,
  userId: null,
  placement: 'home',
  first: 10,
  filters: {},
  excludeProductIds: [],
  cartProductIds: [],
  currentProductId: null,
  now,
  ...given,
});

export const similarRequest = (given: Partial<SimilarRequest> = {}): SimilarRequest => ({
  shopId,
  productId: product(10),
  placement: 'product',
  first: 10,
  filters: {},
  excludeProductIds: [],
  userId: null,
  now,
  ...given,
});
