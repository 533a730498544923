/** Settings of serving that are the same for every shop; a shop's own are its `ShopPolicy`. Times in milliseconds. */
export interface ServingConfig {
  /** Order of live models with equal figures; each fills the places that those before it left open. */
  readonly strategies: readonly string[];
  /** Latest events of a shopper that are folded into their history, 1-1,000. */
  readonly historyEvents: number;
  /** Timeout of reading consent and history together; after it the list is made without them. */
  readonly historyTimeoutMs: number;
  /** Maximum number of products of one list. */
  readonly maxFirst: number;
  /** Products cached with all fields, over all shops; the least recently used is dropped first. */
  readonly cachedProducts: number;
  /** Live states per model with `openState`; that of the least recently used shopper is dropped first. */
  readonly liveStates: number;
  /** Number of products from which a model with vectors finds the best by a scan, without scoring each. */
  readonly scanFrom: number;
  /** Number of products from which a model with vectors gets an approximate index, if there is an indexer; Infinity: never. */
  readonly indexFrom: number;
  /** Longest time that a list waits in memory before it is written. */
  readonly listFlushMs: number;
  /** Lists per write; this many waiting lists start a write early. */
  readonly listBatch: number;
  /** Maximum number of waiting lists; beyond it the oldest is dropped and counted. */
  readonly maxPendingLists: number;
  /** Interval of comparing everything with the store, also without announced changes; 0: never. */
  readonly reconcileMs: number;
  /** How long before the newest known change each catalogue read starts, because commits are not in clock order. */
  readonly catalogueOverlapMs: number;
}

/** Defaults for a shop server. */
export const defaultServingConfig: ServingConfig = {
  strategies: ['collaborative', 'item-neighbours', 'trending', 'popularity'],
  historyEvents: 200,
  historyTimeoutMs: 200,
  maxFirst: 100,
  cachedProducts: 50_000,
  liveStates: 2_000,
  scanFrom: 5_000,
  indexFrom: Number.POSITIVE_INFINITY,
  listFlushMs: 50,
  listBatch: 256,
  maxPendingLists: 20_000,
  reconcileMs: 60_000,
  catalogueOverlapMs: 10_000,
};
