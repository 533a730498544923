import type { ShopId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';

/** Events of one call that are in the store. */
export interface CommittedEvents {
  readonly shopId: ShopId;
  /** Newly accepted events, and duplicates of events that were already stored. At least one. */
  readonly interactions: readonly Interaction[];
}

/** Products of one call that are in the store. */
export interface CommittedProducts {
  readonly shopId: ShopId;
}

/** A shop whose changed policy is in the store. */
export interface CommittedPolicy {
  readonly shopId: ShopId;
}

/**
 * Reacts to committed writes. `main/` composes the list; mutations do not know what is in it. The response waits for
 * every observer, so that the next request of the client sees the effects.
 */
export interface CommitObserver {
  /** Identifies the observer in error reports. */
  readonly name: string;
  readonly eventsCommitted?: (events: CommittedEvents) => void | Promise<void>;
  readonly productsCommitted?: (products: CommittedProducts) => void | Promise<void>;
  readonly policyCommitted?: (policy: CommittedPolicy) => void | Promise<void>;
}
