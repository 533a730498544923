import { type ShopId, toEventId, toListId, toProductId, toShopId, toUserId } from '../../../src/domain/ids';
import type { Interaction } from '../../../src/domain/interaction';
import type { ActionPrediction } from '../../../src/domain/prediction';
import type { Product } from '../../../src/domain/product';
import type { RecommendationList } from '../../../src/domain/recommendation';
import type { ArtifactRecord } from '../../../src/store/ports/artifact';
import type { Page, PageCursor, PageRequest } from '../../../src/store/ports/page';
import type { Stores } from '../../../src/store/ports/stores';

/** What a promise is held against: stores, and two shops nobody else uses. */
export interface Bed {
  readonly stores: Stores;
  readonly shop: ShopId;
  readonly other: ShopId;
}

/** One promise of the ports. `hold` throws (through expect) when it is broken. */
export interface StorePromise {
  readonly name: string;
  hold(bed: Bed): Promise<void>;
}

let shops = 0;

/** Two shops that no promise used before. */
export function freshShops(): Omit<Bed, 'stores'> {
  shops++;
  return { shop: toShopId(`shop-${shops}`), other: toShopId(`other-${shops}`) };
}

/** An instant the promises count from. */
export const start = Date.UTC(2026, 2, 1, 12);

/** The smallest event: a view. */
export const event = (shop: ShopId, id: string, given: Partial<Interaction> = {}): Interaction => ({
  shopId: shop,
  id: toEventId(id),
  userId: toUserId('ann'),
  productId: toProductId('mug'),
  type: 'VIEW',
  value: null,
  priceMinor: null,
  queryText: null,
  sessionId: null,
  occurredAt: start,
  receivedAt: start + 500,
  attribution: null,
  ...given,
});

/** The smallest list: one product. */
export const list = (
  shop: ShopId,
  id: string,
  given: Partial<RecommendationList> = {},
): RecommendationList => ({
  shopId: shop,
  id: toListId(id),
  userId: toUserId('ann'),
  sourceProductId: null,
  placement: 'home',
  strategy: 'popularity',
  modelVersion: 'v1',
  degraded: null,
  items: [{ productId: toProductId('mug'), rank: 1, score: 0.5, source: 'MODEL' }],
  createdAt: start,
  expiresAt: start + 1_000,
  ...given,
});

/** The smallest prediction: a view is likely, after the event of the same number. */
export const prediction = (
  shop: ShopId,
  id: string,
  given: Partial<ActionPrediction> = {},
): ActionPrediction => ({
  shopId: shop,
  id,
  userId: toUserId('ann'),
  eventId: toEventId('e'),
  eventAt: start,
  sessionId: null,
  actionNames: ['VIEW', 'LEAVE'],
  actions: [0.75, 0.25],
  expectedMinutes: 1.5,
  purchase: 0.1,
  abandonment: null,
  returnWithin: [0.25, 0.5, 0.75],
  modelVersion: 'v1',
  predictedAt: start + 100,
  expiresAt: start + 1_000,
  outcome: null,
  ...given,
});

/** A described artifact. */
export const artifact = (shop: ShopId, id: string, given: Partial<ArtifactRecord> = {}): ArtifactRecord => ({
  shopId: shop,
  id,
  model: 'popularity',
  version: `version-${id}`,
  snapshotDigest: 'digest',
  checksum: 'none',
  byteLength: 3,
  config: { rank: 8, isFast: true, kind: 'plain' },
  metrics: { 'recall@20': 0.25 },
  isLive: false,
  createdAt: start,
  publishedAt: null,
  ...given,
});

/** Every row of a paged read, `first` at a time, with a check that `hasNext` tells the truth. */
export async function readPages<Row>(
  read: (request: PageRequest) => Promise<Page<Row>>,
  positionOf: (row: Row) => PageCursor,
  first: number,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let after: PageCursor | undefined; ; ) {
    const page = await read(after === undefined ? { first } : { first, after });
    all.push(...page.rows);
    const last = page.rows.at(-1);
    expect(page.rows.length).toBeLessThanOrEqual(first);
    if (!page.hasNext || last === undefined) return all;
    after = positionOf(last);
  }
}

/** All batches of an async iterable. */
export async function collect<Batch>(batches: AsyncIterable<Batch>): Promise<readonly Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** The ids of rows, in order. */
export const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(row => row.id);

/** A product as it is when nothing but its id was ever said. */
export const bareProduct = (shop: ShopId, id: string, at: number): Product => ({
  shopId: shop,
  id: toProductId(id),
  title: null,
  description: null,
  locale: null,
  translations: {},
  categoryPath: [],
  tags: [],
  priceMinor: null,
  currency: null,
  stock: null,
  imageUrl: null,
  attributes: {},
  isActive: true,
  isStub: true,
  createdAt: at,
  updatedAt: at,
});
