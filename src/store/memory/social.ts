import type { UserId } from '../../domain/ids';
import type { Follow, SocialPost, SocialReaction, WrittenText } from '../../domain/social';
import type { SocialStore } from '../ports/social';
import { ByShop, keyOf } from './byShop';
import { compareText, scanOf } from './order';

const byId = (left: { readonly id: string }, right: { readonly id: string }) =>
  compareText(left.id, right.id);

const fromPost = ({ id, authorId, body, occurredAt }: SocialPost): WrittenText => ({
  kind: 'POST',
  id,
  userId: authorId,
  body,
  occurredAt,
});

const fromComment = ({ id, userId, body, occurredAt }: SocialReaction): WrittenText => ({
  kind: 'COMMENT',
  id,
  userId,
  body: body ?? '',
  occurredAt,
});

/** Creates the in-memory store of posts, reactions and follows. */
export function createMemorySocial(): SocialStore {
  const posts = new ByShop<SocialPost>();
  const reactions = new ByShop<SocialReaction>();
  const follows = new ByShop<Follow>();

  function textsOf(shopId: string): readonly WrittenText[] {
    const comments = [...reactions.of(shopId).values()].filter(({ type }) => type === 'COMMENT');
    const written = [...posts.of(shopId).values()].sort(byId).map(fromPost);
    return [...written, ...comments.sort(byId).map(fromComment)].filter(({ body }) => body !== '');
  }

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
    async *scanTexts(shopId, until) {
      const texts = textsOf(shopId).filter(({ occurredAt }) => occurredAt <= until);
      if (texts.length > 0) yield texts.map(({ id: _, ...text }) => text);
    },
    async recentTextsOf(shopId, userIds, limit) {
      const found = new Map<UserId, readonly WrittenText[]>();
      for (const userId of userIds) {
        const texts = textsOf(shopId).filter(text => text.userId === userId);
        const latest = texts.sort((left, right) => right.occurredAt - left.occurredAt || -byId(left, right));
        if (texts.length > 0) found.set(userId, latest.slice(0, limit));
      }
      return found;
    },
    async *scanPosts(shopId) {
      yield* scanOf(posts.of(shopId).values(), ({ id }) => [id]);
    },
    async *scanReactions(shopId) {
      yield* scanOf(reactions.of(shopId).values(), ({ id }) => [id]);
    },
    async *scanFollows(shopId) {
      yield* scanOf(follows.of(shopId).values(), ({ followerId, followeeId }) => [followerId, followeeId]);
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
