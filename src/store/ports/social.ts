import type { ShopId, UserId } from '../../domain/ids';
import type { Follow, SocialPost, SocialReaction, SocialText, WrittenText } from '../../domain/social';

/** Posts, reactions and ties. */
export interface SocialStore {
  upsertPosts(shopId: ShopId, posts: readonly SocialPost[]): Promise<void>;
  upsertReactions(shopId: ShopId, reactions: readonly SocialReaction[]): Promise<void>;
  upsertFollows(shopId: ShopId, follows: readonly Follow[]): Promise<void>;
  /** Posts and comments with words up to an instant, in batches; order unspecified but the same for the same rows. */
  scanTexts(shopId: ShopId, until: number): AsyncIterable<readonly SocialText[]>;
  /** Latest `limit` posts and comments with words of each user, newest first. Users without any are absent. */
  recentTextsOf(
    shopId: ShopId,
    userIds: readonly UserId[],
    limit: number,
  ): Promise<ReadonlyMap<UserId, readonly WrittenText[]>>;
  counts(
    shopId: ShopId,
  ): Promise<{ readonly posts: number; readonly reactions: number; readonly follows: number }>;
}
