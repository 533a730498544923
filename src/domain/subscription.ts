import type { CampaignChannel } from './campaign';

/** Reports of a channel after which nobody is contacted over it. */
export const suppressionReasons = ['BOUNCE', 'COMPLAINT'] as const;
/** One of {@link suppressionReasons}. */
export type SuppressionReason = (typeof suppressionReasons)[number];

/** What a shopper chose for MARKETING over one channel, and what the channel reported. */
export interface Subscription {
  readonly channel: CampaignChannel;
  /** Null where the shopper chose nothing: the consent for MARKETING counts. */
  readonly isSubscribed: boolean | null;
  /** Where it was chosen: a page, a form or an API call. */
  readonly source: string | null;
  readonly updatedAt: number;
  readonly suppression: SuppressionReason | null;
  readonly suppressedAt: number | null;
}

/**
 * Returns whether a shopper may be contacted over a channel. A withdrawn MARKETING consent forbids all channels. Otherwise the
 * choice for the channel counts, and without one an explicit MARKETING consent. Bounces and complaints forbid the channel.
 *
 * @param marketing - the latest answer for MARKETING; null where there is none
 */
export const isContactable = (
  marketing: boolean | null,
  subscription: Pick<Subscription, 'isSubscribed' | 'suppression'> | undefined,
): boolean =>
  marketing !== false &&
  (subscription?.suppression ?? null) === null &&
  (subscription?.isSubscribed ?? marketing ?? false);

/**
 * Returns the subscription of a shopper after a visitor was merged into them: who ended it stays out, and so does whose
 * contacts failed.
 *
 * @param own - of the shopper; undefined where there is none
 */
export function joinSubscription(own: Subscription | undefined, ofVisitor: Subscription): Subscription {
  if (own === undefined) return ofVisitor;
  const isTaken = own.isSubscribed === null || ofVisitor.isSubscribed === false;
  const chosen = isTaken ? ofVisitor : own;
  const reported = own.suppression === null ? ofVisitor : own;
  const { isSubscribed, source } = chosen;
  const { suppression, suppressedAt } = reported;
  const updatedAt = Math.max(own.updatedAt, ofVisitor.updatedAt);
  return { channel: own.channel, isSubscribed, source, updatedAt, suppression, suppressedAt };
}
