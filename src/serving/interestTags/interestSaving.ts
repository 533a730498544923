// What is saved beside a published artifact of interest tags, so that tags have rows that merchandisers edit, products, and
// an audience. Weights are kept by the artifact's own tags, before any merge: merging and undoing it rewrite nothing.

import type { ProductId, ShopId, UserId } from '../../domain/ids';
import { toProductId, toUserId } from '../../domain/ids';
import type { LearnedInterestTag, WeightedInterest, WeightedTag } from '../../domain/interest';
import type { Consent } from '../../domain/user';
import { defaultInterestConfig, type Interest, interestsOf } from '../../insights/interestTags/interests';
import type { InterestTag, InterestTags } from '../../insights/interestTags/tags';
import { pause } from '../../numeric/pause';
import type { Snapshot } from '../../snapshot/snapshot';
import type { Stores } from '../../store/ports/stores';
import { defaultServingConfig } from '../live/config';
import { interestEventsIn } from './interestEvents';
import { rememberTexts } from './rememberedTexts';

/** Whose tags were published, and what they were learned from. */
export interface PublishedTags {
  readonly shopId: ShopId;
  readonly version: string;
  readonly tags: InterestTags;
  readonly snapshot: Snapshot;
  /** When reading the snapshot began, milliseconds since the epoch: what is saved later than that knows more. */
  readonly readAt: number;
}

/** What saving needs. */
export interface InterestSavingOptions {
  readonly stores: Pick<Stores, 'users' | 'interests'>;
  /** Days in which an event comes to say half as much. */
  readonly halfLifeDays: number;
  readonly clock: () => number;
}

/** Products, or shoppers, of one statement. */
const batchLength = 1_000;

const learnedOf = ({ cohesion: _, names, ...tag }: InterestTag): LearnedInterestTag => ({
  ...tag,
  names: Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined)) as Record<
    string,
    string
  >,
});

/** The part of interests that is saved: no evidence, which names events. */
export const savedOf = (interests: readonly Interest[]): readonly WeightedInterest[] =>
  interests.map(({ tagId, weight, confidence }) => ({ tagId, weight, confidence }));

const isWithdrawn = (consents: readonly Consent[] = []): boolean =>
  consents.some(({ purpose, granted }) => purpose === 'PERSONALIZATION' && !granted);

async function saveProducts(
  { stores }: InterestSavingOptions,
  { shopId, tags, snapshot: { products } }: PublishedTags,
  now: number,
): Promise<void> {
  for (let start = 0; start < products.size; start += batchLength) {
    const batch = new Map<ProductId, readonly WeightedTag[]>();
    for (let row = start; row < Math.min(products.size, start + batchLength); row++) {
      const id = products.idOf(row);
      batch.set(toProductId(id), tags.tagsOfProduct(id));
    }
    await stores.interests.saveProducts(shopId, batch, now);
    await pause();
  }
}

async function saveUsers(
  { stores, halfLifeDays }: InterestSavingOptions,
  { shopId, tags, snapshot, readAt }: PublishedTags,
  now: number,
): Promise<void> {
  const eventsOf = interestEventsIn(snapshot, defaultServingConfig.historyEvents);
  const config = { ...defaultInterestConfig, halfLifeDays };
  const remembering = rememberTexts(tags);
  for (let start = 0; start < snapshot.users.size; start += batchLength) {
    const length = Math.min(batchLength, snapshot.users.size - start);
    const ids = Array.from({ length }, (_, index) => toUserId(snapshot.users.idOf(start + index)));
    const consents = await stores.users.consentsOf(shopId, ids);
    const allowed = ids.flatMap((id, index): (readonly [UserId, number])[] =>
      isWithdrawn(consents.get(id)) ? [] : [[id, start + index]],
    );
    const interests = allowed.map(
      ([id, row]) => [id, savedOf(interestsOf(remembering, eventsOf(row), now, config))] as const,
    );
    await stores.interests.saveUsers(shopId, new Map(interests), readAt);
    await pause();
  }
}

/**
 * Saves the tags (edits stay, tags that are gone rest), and whose and what they are. Weights of products and shoppers
 * that are not among the snapshot's any more go; those saved since it was read stay, for they know of later events. Again
 * with the same is harmless.
 *
 * @throws {GatewayError} UNAVAILABLE
 */
export async function saveInterests(options: InterestSavingOptions, published: PublishedTags): Promise<void> {
  const { shopId, version, tags, readAt } = published;
  const { interests } = options.stores;
  const now = options.clock();
  await interests.saveTags(shopId, tags.tags.map(learnedOf), version, now);
  await saveProducts(options, published, now);
  await saveUsers(options, published, now);
  await interests.removeOlder(shopId, readAt);
}
