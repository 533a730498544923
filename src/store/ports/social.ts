import type { ShopId, UserId } from '../../domain/ids';
import type { Follow, SocialPost, SocialReaction, SocialText, WrittenText } from '../../domain/social';

/** Stores posts, reactions and follows. */
export interface SocialStore {
  upsertPosts(shopId: ShopId, posts: readonly SocialPost[]): Promise<void>;
  upsertReactions(shopId: ShopId, reactions: readonly SocialReaction[]): Promise<void>;
  upsertFollows(shopId: ShopId, follows: readonly Follow[]): Promise<void>;
  /** Posts and comments with text up to an instant, in batches. Their order is unspecified but stable. */
  scanTexts(shopId: ShopId, until: number): AsyncIterable<readonly SocialText[]>;
  /** Latest `limit` posts and comments with text per user, newest first. Users without any are absent. */
  recentTextsOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly WrittenText[]>>;
  /** All posts, by id, in batches; for export. */
  scanPosts(shopId: ShopId): AsyncIterable<readonly SocialPost[]>;
  /** All reactions, by id, in batches; for export. */
  scanReactions(shopId: ShopId): AsyncIterable<readonly SocialReaction[]>;
  /** All follows, by (followerId, followeeId), in batches; for export. */
  scanFollows(shopId: ShopId): AsyncIterable<readonly Follow[]>;
  counts(
    shopId: ShopId,
  ): Promise<{ readonly posts: number; readonly reactions: number; readonly follows: number }>;
}
