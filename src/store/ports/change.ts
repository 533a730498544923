import type { ShopId, UserId } from '../../domain/ids';

/** A change of data that gateways hold in memory. */
export interface Change {
  readonly kind: 'catalogue' | 'artifact' | 'shop' | 'user';
  readonly shopId: ShopId;
  /** Only for the kind `user`: whose cached data must be dropped (deactivated, erased, or consent withdrawn). */
  readonly userId?: UserId;
}

/** Distributes changes to all gateways (PostgreSQL LISTEN/NOTIFY in production). */
export interface ChangeFeed {
  /**
   * Calls `onChange` after each change, including changes of this process, and `onLost` after a reconnect, when changes
   * may have been missed. Returns a function that unsubscribes.
   */
  subscribe(onChange: (change: Change) => void, onLost: () => void): Promise<() => Promise<void>>;
}
