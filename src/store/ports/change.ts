import type { ShopId, UserId } from '../../domain/ids';

/** Something changed that gateways hold in memory. */
export interface Change {
  readonly kind: 'catalogue' | 'artifact' | 'shop' | 'user';
  readonly shopId: ShopId;
  /** Of the kind `user`: who is not to be remembered any more (deactivated, erased, or without consent). */
  readonly userId?: UserId;
}

/** Tells every gateway of changes made by any (PostgreSQL LISTEN/NOTIFY in production). */
export interface ChangeFeed {
  /** Calls back after each change, own ones included; `lost` after a reconnect, when changes may have been missed. Answers how to stop. */
  subscribe(onChange: (change: Change) => void, onLost: () => void): Promise<() => Promise<void>>;
}
