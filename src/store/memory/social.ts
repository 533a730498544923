import type { Follow, SocialPost, SocialReaction, SocialText } from '../../domain/social';
import type { SocialStore } from '../ports';
import { ByShop, keyOf } from './byShop';
import { compareText } from './order';

const byId = (left: { readonly id: string }, right: { readonly id: string }) =>
  compareText(left.id, right.id);

const textOf = (
  kind: SocialText['kind'],
  userId: SocialText['userId'],
  body: string,
  occurredAt: number,
): SocialText => ({ kind, userId, body, occurredAt });

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
    async *scanTexts(shopId, until) {
      const written = [...posts.of(shopId).values()].sort(byId);
      const answers = [...reactions.of(shopId).values()].filter(({ type }) => type === 'COMMENT').sort(byId);
      const texts: SocialText[] = [
        ...written.map(({ authorId, body, occurredAt }) => textOf('POST', authorId, body, occurredAt)),
        ...answers.map(({ userId, body, occurredAt }) => textOf('COMMENT', userId, body ?? '', occurredAt)),
      ].filter(({ body, occurredAt }) => body !== '' && occurredAt <= until);
      if (texts.length > 0) yield texts;
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
