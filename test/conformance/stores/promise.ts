import { impliedSettings } from '../../../src/domain/campaign';
import {
  type ShopId,
  toCampaignId,
  toEventId,
  toListId,
  toProductId,
  toShopId,
  toUserId,
} from '../../../src/domain/ids';
import type { Interaction } from '../../../src/domain/interaction';
import type { ActionPrediction } from '../../../src/domain/prediction';
import type { Product } from '../../../src/domain/product';
import type { RecommendationList } from '../../../src/domain/recommendation';
import type { ArtifactRecord } from '../../../src/store/ports/artifact';
import type { CampaignEdit } from '../../../src/store/ports/campaign';
import type { Page, PageCursor, PageRequest } from '../../../src/store/ports/page';
import type { Stores } from '../../../src/store/ports/stores';

/** Arguments of a promise: stores, and two unused shops. */
export interface Bed {
  readonly stores: Stores;
  readonly shop: ShopId;
  readonly other: ShopId;
}

/** One promise of the ports. `hold` throws (through expect) when the stores break it. */
export interface StorePromise {
  readonly name: string;
  hold(bed: Bed): Promise<void>;
}

let shops = 0;

/** Returns two unused shops. */
export function freshShops(): Omit<Bed, 'stores'> {
  shops++;
  return { shop: toShopId(`shop-${shops}`), other: toShopId(`other-${shops}`) };
}

/** Reference instant of the promises. */
export const start = Date.UTC(2026, 2, 1, 12);

/** A minimal event: a view. */
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

/** A minimal list: one product. */
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

/** A minimal prediction after the event of the same number: a view is likely. */
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

/** An artifact record. */
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

/** Reads all rows of a paged read, `first` at a time, and checks `hasNext`. */
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

/** Collects all batches of an async iterable. */
export async function collect<Batch>(batches: AsyncIterable<Batch>): Promise<readonly Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

/** Returns the ids of rows, in order. */
export const idsOf = (rows: readonly { readonly id: string }[]): readonly string[] => rows.map(row => row.id);

/** A product of which only the id was given. When it was updated is known to the clock of the store. */
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
  updatedAt: expect.any(Number),
});

/** A minimal edit that creates a campaign. */
export function editOf(shop: ShopId, id: string, name: string): CampaignEdit {
  const description = {
    ...{ shopId: shop, id: toCampaignId(id), name, status: 'DRAFT' as const, channel: 'EMAIL' as const },
    ...{ budgetMinor: 1_000, holdoutRate: 0.1, startsAt: start, endsAt: start + 1_000 },
    ...{ createdAt: start, updatedAt: start },
  };
  return {
    campaign: { ...impliedSettings(description), ...description, version: 1 },
    offers: null,
    audit: {
      ...{ shopId: shop, id: `audit-${id}-${name}`, credentialId: 'key', role: 'MERCHANDISER' as const },
      ...{ action: 'campaignCreate', subjectKind: 'CAMPAIGN' as const, subjectId: id },
      ...{ before: null, after: { name }, occurredAt: start },
    },
  };
}
