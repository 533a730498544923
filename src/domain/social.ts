import type { ProductId, UserId } from './ids';

/** Something a shopper said in public. */
export interface SocialPost {
  readonly id: string;
  readonly authorId: UserId;
  readonly body: string;
  readonly locale: string | null;
  readonly productIds: readonly ProductId[];
  readonly occurredAt: number;
}

/** A shopper's answer to a post. */
export interface SocialReaction {
  readonly id: string;
  readonly postId: string;
  readonly userId: UserId;
  readonly type: 'LIKE' | 'LOVE' | 'COMMENT' | 'REPOST';
  readonly body: string | null;
  readonly occurredAt: number;
}

/** What a shopper wrote, in a post or in answer to one. */
export interface SocialText {
  readonly kind: 'POST' | 'COMMENT';
  readonly userId: UserId;
  readonly body: string;
  readonly occurredAt: number;
}

/** The same under its own id, as one of a shopper's latest. Ids of posts and of comments may be equal. */
export interface WrittenText extends SocialText {
  readonly id: string;
}

/** One shopper follows another. */
export interface Follow {
  readonly followerId: UserId;
  readonly followeeId: UserId;
  readonly occurredAt: number;
}
