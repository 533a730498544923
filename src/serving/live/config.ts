/** Settings of serving that are the same for every shop; a shop's own are its `ShopPolicy`. Times in milliseconds. */
export interface ServingConfig {
  /** Order in which live models are asked that measured equally well; each tops up what the ones before left open. */
  readonly strategies: readonly string[];
  /** Latest events of a shopper that are folded into their history, 1-1,000. */
  readonly historyEvents: number;
  /** Longest wait for consent and history together before the list goes out without them. */
  readonly historyTimeoutMs: number;
  /** Most products one list may hold. */
  readonly maxFirst: number;
  /** Products kept whole in memory, over all shops; the least recently used goes first. */
  readonly cachedProducts: number;
  /** Shoppers whose live state one model keeps (models with `openState`); the least recently used goes first. */
  readonly liveStates: number;
  /** Products from which on a model of vectors is asked for its best without a score for each. */
  readonly scanFrom: number;
  /** Products from which on a model of vectors gets an approximate index, where there is an indexer; Infinity never. */
  readonly indexFrom: number;
  /** Longest a list waits in memory before it is written. */
  readonly listFlushMs: number;
  /** Lists that are written at once, and that start a write before its time. */
  readonly listBatch: number;
  /** Lists that may wait; beyond it the oldest waiting one is given up and counted. */
  readonly maxPendingLists: number;
  /** How often everything is compared with the store although no change was announced; 0 never. */
  readonly reconcileMs: number;
  /** How far behind the newest change seen each catalogue read starts: commits do not come in the order of their clocks. */
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
