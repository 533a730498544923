import type { ProductId, UserId } from './ids';

/** A public post of a shopper. */
export interface SocialPost {
  readonly id: string;
  readonly authorId: UserId;
  readonly body: string;
  readonly locale: string | null;
  readonly productIds: readonly ProductId[];
  readonly occurredAt: number;
}

/** Kinds of reactions to a post. */
export const reactionTypes = ['LIKE', 'LOVE', 'COMMENT', 'REPOST'] as const;

/** A shopper's reaction to a post. */
export interface SocialReaction {
  readonly id: string;
  readonly postId: string;
  readonly userId: UserId;
  readonly type: (typeof reactionTypes)[number];
  readonly body: string | null;
  readonly occurredAt: number;
}

/** A text of a shopper: a post, or a comment on one. */
export interface SocialText {
  readonly kind: 'POST' | 'COMMENT';
  readonly userId: UserId;
  readonly body: string;
  readonly occurredAt: number;
}

/** The same with its id. Ids are unique per kind only: a post and a comment may share one. */
export interface WrittenText extends SocialText {
  readonly id: string;
}

/** One shopper follows another. */
export interface Follow {
  readonly followerId: UserId;
  readonly followeeId: UserId;
  readonly occurredAt: number;
}
