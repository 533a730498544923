import type { ShopId, UserId } from './ids';

/** Who may call, from the least to the most. Each acts within one shop. */
export const roles = ['SHOPPER', 'STOREFRONT', 'INGEST', 'MERCHANDISER', 'ADMIN'] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** A caller whose token or key was checked. */
export interface Principal {
  readonly shopId: ShopId;
  readonly role: Role;
  /** The shopper themself for SHOPPER; null for servers and staff. */
  readonly userId: UserId | null;
  /** Which credential it was (API key id or token id), for rate limits and logs; never a person's id. */
  readonly credentialId: string;
}
