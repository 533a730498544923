import type { ShopId, UserId } from './ids';
import type { AttributeValue } from './product';

/** Purposes that a shopper can consent to. */
export const consentPurposes = ['PERSONALIZATION', 'ANALYTICS', 'MARKETING'] as const;
/** One of {@link consentPurposes}. */
export type ConsentPurpose = (typeof consentPurposes)[number];

/**
 * A shopper's latest choice for one purpose. Without a choice PERSONALIZATION and ANALYTICS are allowed, as the shop's lawful
 * default, and MARKETING is not.
 */
export interface Consent {
  readonly purpose: ConsentPurpose;
  readonly granted: boolean;
  readonly source: string | null;
  /** Milliseconds since the epoch, UTC. */
  readonly updatedAt: number;
}

/** What may be done with the data of a shopper. */
export interface ShopperRights {
  /** When the shop deactivated the shopper: nothing personal is made for them, and no event is stored. Null for active ones. */
  readonly deactivatedAt: number | null;
  /** Purposes for which the shopper withdrew consent. */
  readonly withheld: readonly ConsentPurpose[];
}

/** Returns whether an upsert requires that the shopper is forgotten: it deactivates them or withdraws PERSONALIZATION. */
export const requiresForgetting = ({
  deactivatedAt = null,
  consents = [],
}: {
  readonly deactivatedAt?: number | null;
  readonly consents?: readonly Pick<Consent, 'purpose' | 'granted'>[];
}): boolean =>
  deactivatedAt !== null ||
  consents.some(({ purpose, granted }) => purpose === 'PERSONALIZATION' && !granted);

/** A shopper. A stub was first seen in an event and is not described yet. */
export interface User {
  readonly shopId: ShopId;
  readonly id: UserId;
  readonly locale: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly isStub: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When set, the user can no longer sign in, and their tokens are refused. */
  readonly deactivatedAt: number | null;
}
