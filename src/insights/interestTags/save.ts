// Rows that are saved with a published artifact of interest tags: tags (which merchandisers edit), tags of products, and
// interests of shoppers (the audience of a tag). Weights refer to the artifact's own tags, before any merge, so that
// merging tags and undoing it rewrite no weights.

import { type ProductId, type ShopId, toProductId, toUserId, type UserId } from '../../domain/ids';
import type { LearnedInterestTag, WeightedInterest, WeightedTag } from '../../domain/interest';
import type { Consent } from '../../domain/user';
import { pause } from '../../numeric/pause';
import type { Snapshot } from '../../snapshot/snapshot';
import type { AfterPublishContext, PublishedInsight } from '../insight';
import { type InterestTag, type InterestTags, withoutEvidence } from './reading';
import { interestEventsIn } from './snapshotEvents';

/** What saving calls; the store's ports satisfy it. All methods throw GatewayError UNAVAILABLE. */
export interface InterestTagsStores {
  readonly users: {
    consentsOf(shopId: ShopId, userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly Consent[]>>;
  };
  readonly interests: {
    saveTags(
      shopId: ShopId,
      tags: readonly LearnedInterestTag[],
      modelVersion: string,
      now: number,
    ): Promise<void>;
    saveProducts(
      shopId: ShopId,
      products: ReadonlyMap<ProductId, readonly WeightedTag[]>,
      now: number,
    ): Promise<void>;
    saveUsers(
      shopId: ShopId,
      users: ReadonlyMap<UserId, readonly WeightedInterest[]>,
      now: number,
    ): Promise<void>;
    removeOlder(shopId: ShopId, before: number): Promise<void>;
  };
}

/** Published tags, and the snapshot that they were learned from. */
export interface PublishedTags extends Pick<PublishedInsight, 'shopId' | 'version' | 'readAt'> {
  readonly tags: InterestTags;
  readonly snapshot: Snapshot;
}

type SavingContext = AfterPublishContext<InterestTagsStores>;

/** Products, or shoppers, per statement. */
const batchLength = 1_000;

const learnedOf = ({ cohesion: _, names, ...tag }: InterestTag): LearnedInterestTag => ({
  ...tag,
  names: Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined)) as Record<
    string,
    string
  >,
});

const isWithdrawn = (consents: readonly Consent[] = []): boolean =>
  consents.some(({ purpose, granted }) => purpose === 'PERSONALIZATION' && !granted);

async function saveProducts(
  { stores }: SavingContext,
  { shopId, tags, snapshot: { products, documents } }: PublishedTags,
  now: number,
): Promise<void> {
  for (let start = 0; start < products.size; start += batchLength) {
    const batch = new Map<ProductId, readonly WeightedTag[]>();
    for (let row = start; row < Math.min(products.size, start + batchLength); row++) {
      const id = products.idOf(row);
      // Pages of a tag's products show no stubs.
      batch.set(toProductId(id), documents?.[row] === null ? [] : tags.tagsOfProduct(id));
    }
    await stores.interests.saveProducts(shopId, batch, now);
    await pause();
  }
}

async function saveUsers(
  { stores, history: { maxEvents, halfLifeDays } }: SavingContext,
  { shopId, tags, snapshot, readAt }: PublishedTags,
  now: number,
): Promise<void> {
  const eventsOf = interestEventsIn(snapshot, maxEvents);
  for (let start = 0; start < snapshot.users.size; start += batchLength) {
    const length = Math.min(batchLength, snapshot.users.size - start);
    const ids = Array.from({ length }, (_, index) => toUserId(snapshot.users.idOf(start + index)));
    const consents = await stores.users.consentsOf(shopId, ids);
    const saved = new Map<UserId, readonly WeightedInterest[]>();
    for (const [index, id] of ids.entries()) {
      if (isWithdrawn(consents.get(id))) continue;
      const interests = await tags.interestsOf(eventsOf(start + index), now, { halfLifeDays });
      saved.set(id, withoutEvidence(interests));
    }
    await stores.interests.saveUsers(shopId, saved, readAt);
    await pause();
  }
}

/**
 * Saves the tags, the tags of every product and the interests of every shopper of the snapshot. Edits of merchandisers
 * stay; tags that are gone become inactive. Weights of products and shoppers that are no longer in the snapshot are
 * removed. Weights saved after the snapshot was read stay, because they include later events. Saving again is harmless.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export async function saveInterests(context: SavingContext, published: PublishedTags): Promise<void> {
  const { shopId, version, tags, readAt } = published;
  const { interests } = context.stores;
  const now = context.clock();
  await interests.saveTags(shopId, tags.tags.map(learnedOf), version, now);
  await saveProducts(context, published, now);
  await saveUsers(context, published, now);
  await interests.removeOlder(shopId, readAt);
}
