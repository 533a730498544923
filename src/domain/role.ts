import type { ShopId, UserId } from './ids';

/** Roles of callers, from the fewest to the most permissions. Each acts within one shop. */
export const roles = ['SHOPPER', 'STOREFRONT', 'INGEST', 'MERCHANDISER', 'ADMIN'] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** An authenticated caller. */
export interface Principal {
  readonly shopId: ShopId;
  readonly role: Role;
  /** The shopper for SHOPPER; null for servers and staff. */
  readonly userId: UserId | null;
  /** Id of the credential (API key or token), for rate limits and logs; never a person's id. */
  readonly credentialId: string;
}
