import type { Follow, SocialPost, SocialReaction } from '../../domain/social';
import type { SocialStore } from '../ports';
import { ByShop, keyOf } from './byShop';

/** Makes the store of posts, reactions and ties in memory. */
export function createMemorySocial(): SocialStore {
  const posts = new ByShop<SocialPost>();
  const reactions = new ByShop<SocialReaction>();
  const follows = new ByShop<Follow>();
  return {
    async upsertPosts(shopId, rows) {
      for (const post of rows) posts.of(shopId).set(post.id, post);
    },
    async upsertReactions(shopId, rows) {
      for (const reaction of rows) reactions.of(shopId).set(reaction.id, reaction);
    },
    async upsertFollows(shopId, rows) {
      for (const follow of rows) follows.of(shopId).set(keyOf(follow.followerId, follow.followeeId), follow);
    },
    async counts(shopId) {
      return {
        posts: posts.of(shopId).size,
        reactions: reactions.of(shopId).size,
        follows: follows.of(shopId).size,
      };
    },
  };
}
