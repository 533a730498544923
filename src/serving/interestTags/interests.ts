import type { ProductId, ShopId, UserId } from '../../domain/ids';
import type { WeightedInterest, WeightedTag } from '../../domain/interest';
import type { Product } from '../../domain/product';
import type { DegradedReason } from '../../domain/recommendation';
import type { ShopPolicy } from '../../domain/shopPolicy';
import { interestTags } from '../../insights/interestTags/insight';
import { type Interest, type InterestTags, withoutEvidence } from '../../insights/interestTags/reading';
import { pause } from '../../numeric/pause';
import { documentOf } from '../../snapshot/documents';
import type { Stores } from '../../store/ports/stores';
import { defaultServingConfig } from '../live/config';
import type { FindLiveInsight } from '../live/liveInsights';
import { createInterestBuffer } from './interestBuffer';
import type { InterestSource } from './interestEvents';
import { createInterestReader, type InterestReader } from './interestReader';
import { createInterestTree, type InterestTree } from './interestTree';

/** One tag of a shopper. */
export type ShopperInterest = Interest;

/** Change of a shopper's interest in a tag. */
export type InterestTrend = Interest['trend'];

/** A shopper's interests, strongest first, or the reason why there are none. */
export interface ShopperInterests {
  /** Without hidden tags. */
  readonly interests: readonly ShopperInterest[];
  readonly degraded: DegradedReason | null;
  /** Sources of the events that the evidence names. */
  readonly sources: ReadonlyMap<string, InterestSource>;
}

/** Interests of shoppers and tags of products: the artifact's tags as merchandisers edited them. */
export interface Interests {
  /** Returns the shop's current tags with their edits. */
  tree(shopId: ShopId): Promise<InterestTree>;
  /**
   * Returns interests from the shopper's latest events: a new event counts at once. Reads only with consent.
   *
   * @param now - milliseconds since the epoch
   */
  of(shopId: ShopId, userId: UserId, tree: InterestTree, now: number): Promise<ShopperInterests>;
  /** Returns tags of products, heaviest first, merged and without hidden ones; products without tags are absent. */
  tagsOfProducts(
    shopId: ShopId,
    products: readonly Product[],
    tree: InterestTree,
  ): Promise<ReadonlyMap<ProductId, readonly WeightedTag[]>>;
  /** Returns the tags most similar to a tag, nearest first, with the cosine: merged, listed ones only. */
  related(shopId: ShopId, tagId: string, tree: InterestTree, first: number): Promise<readonly WeightedTag[]>;
  /** Schedules saving the interests of shoppers after new events, so that audiences follow. */
  touch(shopId: ShopId, userIds: readonly UserId[]): void;
  /** Saves what is scheduled. */
  stop(): Promise<void>;
}

/** Returns the published tags of a shop; null before the first. */
export type LiveTags = (shopId: ShopId) => Promise<InterestTags | null>;

/** Returns the tags among the insights that serve. */
export const liveTagsOf =
  (findLive: FindLiveInsight): LiveTags =>
  async shopId =>
    (await findLive(shopId, interestTags))?.reading ?? null;

/** Options of {@link createInterests}. */
export interface InterestsOptions {
  readonly stores: Pick<Stores, 'users' | 'interactions' | 'social' | 'interests'>;
  readonly liveTags: LiveTags;
  /** Returns a shop's settings as they are now. @throws {GatewayError} NOT_FOUND, UNAVAILABLE */
  readonly policyOf: (shopId: ShopId) => Promise<ShopPolicy>;
  /** Days after which an event counts half. */
  readonly halfLifeDays: number;
  readonly clock: () => number;
  /** Delay before interests are saved, milliseconds; 1,000 when absent. */
  readonly saveAfterMs?: number;
  /** Called with errors raised outside a request. */
  readonly onError: (error: unknown) => void;
}

/** Sizes of the buffer of interests to save. */
const saving = { batch: 200, maxPending: 10_000 } as const;
const defaultSaveAfterMs = 1_000;

const nothing = (degraded: DegradedReason): ShopperInterests => ({
  interests: [],
  degraded,
  sources: new Map(),
});

/** Returns weights by the tag that each was merged into, without hidden tags. */
function shown(weights: readonly WeightedTag[], tree: InterestTree): readonly WeightedTag[] {
  const sums = new Map<string, number>();
  for (const { tagId, weight } of weights) {
    const tag = tree.find(tagId);
    if (tag !== undefined && tree.isListed(tag)) sums.set(tag.id, (sums.get(tag.id) ?? 0) + weight);
  }
  return [...sums]
    .map(([tagId, weight]) => ({ tagId, weight }))
    .sort((a, b) => b.weight - a.weight || (a.tagId < b.tagId ? -1 : 1));
}

/** One reader per shop, so that concurrent requests share queries. */
function createReaders({ stores, policyOf }: InterestsOptions): (shopId: ShopId) => InterestReader {
  const { historyEvents, historyTimeoutMs } = defaultServingConfig;
  const readers = new Map<ShopId, InterestReader>();
  return shopId => {
    const known = readers.get(shopId);
    if (known !== undefined) return known;
    const reader = createInterestReader({
      stores,
      shopId,
      historyEvents,
      historyTimeoutMs,
      eventWeights: async () => (await policyOf(shopId)).eventWeights,
    });
    readers.set(shopId, reader);
    return reader;
  };
}

/** Returns a function that saves interests by the artifact's own tags, before any merge, so that merges can be undone. */
function createSaver(
  { stores, liveTags, halfLifeDays, clock }: InterestsOptions,
  readerOf: (shopId: ShopId) => InterestReader,
) {
  return async (shopId: ShopId, userIds: readonly UserId[]): Promise<void> => {
    const tags = await liveTags(shopId);
    if (tags === null) return;
    const now = clock();
    const readings = await Promise.all(userIds.map(async id => [id, await readerOf(shopId)(id)] as const));
    const saved = new Map<UserId, readonly WeightedInterest[]>();
    for (const [id, reading] of readings) {
      if (reading.kind !== 'known') continue;
      saved.set(id, withoutEvidence(await tags.interestsOf(reading.events, now, { halfLifeDays })));
      // Lets requests run in between.
      await pause();
    }
    await stores.interests.saveUsers(shopId, saved, now);
  };
}

/** Creates the service; main/ composes one per process. */
export function createInterests(options: InterestsOptions): Interests {
  const { stores, liveTags, halfLifeDays, saveAfterMs: flushMs = defaultSaveAfterMs, onError } = options;
  const readerOf = createReaders(options);
  const buffer = createInterestBuffer({
    ...saving,
    flushMs,
    save: createSaver(options, readerOf),
    onError,
  });
  return {
    async tree(shopId) {
      return createInterestTree(await stores.interests.tagsOf(shopId));
    },
    async of(shopId, userId, tree, now) {
      const [tags, reading] = await Promise.all([liveTags(shopId), readerOf(shopId)(userId)]);
      if (reading.kind === 'withheld') return nothing('CONSENT_WITHHELD');
      if (reading.kind === 'deactivated') return nothing('USER_DEACTIVATED');
      if (tags === null) return nothing('MODEL_NOT_TRAINED');
      if (reading.kind === 'unavailable') return nothing('HISTORY_UNAVAILABLE');
      const { mergedInto } = tree;
      const found = await tags.interestsOf(reading.events, now, { halfLifeDays, mergedInto });
      const interests = found.filter(({ tagId }) => {
        const tag = tree.find(tagId);
        return tag !== undefined && tree.isListed(tag);
      });
      return {
        interests,
        degraded: interests.length === 0 ? 'COLD_START' : null,
        sources: reading.sources,
      };
    },
    async tagsOfProducts(shopId, products, tree) {
      const tags = await liveTags(shopId);
      const found = new Map<ProductId, readonly WeightedTag[]>();
      for (const product of products) {
        const learned = tags?.tagsOfProduct(product.id) ?? [];
        const weights = learned.length > 0 ? learned : (tags?.tagsOfDocument(documentOf(product)) ?? []);
        if (weights.length > 0) found.set(product.id, shown(weights, tree));
      }
      return found;
    },
    async related(shopId, tagId, tree, first) {
      const tags = await liveTags(shopId);
      if (tags === null) return [];
      const nearest = new Map<string, number>();
      // A wide tag is compared itself, without its children: tags are most similar to tags of their own level.
      const same = tree.membersOf(tagId).filter(id => tree.find(id)?.id === tagId);
      const known = same.filter(id => tags.tagById(id) !== undefined);
      for (const { tagId: other, weight } of known.flatMap(id => tags.related(id, tree.tags.length))) {
        const tag = tree.find(other);
        if (tag === undefined || tag.id === tagId || !tree.isListed(tag)) continue;
        nearest.set(tag.id, Math.max(nearest.get(tag.id) ?? 0, weight));
      }
      const weights = [...nearest].map(([id, weight]) => ({ tagId: id, weight }));
      return weights.sort((a, b) => b.weight - a.weight || (a.tagId < b.tagId ? -1 : 1)).slice(0, first);
    },
    touch: buffer.touch,
    stop: buffer.flush,
  };
}
