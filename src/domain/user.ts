import type { ShopId, UserId } from './ids';
import type { AttributeValue } from './product';

/** What a shopper can agree to. */
export const consentPurposes = ['PERSONALIZATION', 'ANALYTICS', 'MARKETING'] as const;
/** One of {@link consentPurposes}. */
export type ConsentPurpose = (typeof consentPurposes)[number];

/** A shopper's latest answer for one purpose. No answer counts as the shop's lawful default: allowed until withdrawn. */
export interface Consent {
  readonly purpose: ConsentPurpose;
  readonly granted: boolean;
  readonly source: string | null;
  /** Milliseconds since the epoch, UTC. */
  readonly updatedAt: number;
}

/** Whether an upsert ends what may be remembered of a shopper: they are shut out, or withdrew PERSONALIZATION. */
export const endsRemembering = ({
  deactivatedAt = null,
  consents = [],
}: {
  readonly deactivatedAt?: number | null;
  readonly consents?: readonly Pick<Consent, 'purpose' | 'granted'>[];
}): boolean =>
  deactivatedAt !== null ||
  consents.some(({ purpose, granted }) => purpose === 'PERSONALIZATION' && !granted);

/** A shopper. A stub is one first seen in an event. */
export interface User {
  readonly shopId: ShopId;
  readonly id: UserId;
  readonly locale: string | null;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly isStub: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When set, the user may no longer sign in; tokens for them are refused. */
  readonly deactivatedAt: number | null;
}
