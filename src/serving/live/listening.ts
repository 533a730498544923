import type { Change } from '../../store/ports/change';
import type { Stores } from '../../store/ports/stores';
import type { LiveShop } from './liveShop';
import type { LiveShops } from './liveShops';

/** Refreshes loaded shops after changes in the store. */
export interface Listening {
  /** @throws {GatewayError} UNAVAILABLE */
  start(): Promise<void>;
  stop(): Promise<void>;
  isOn(): boolean;
}

/** Options of {@link createListening}. */
export interface ListeningOptions {
  readonly stores: Pick<Stores, 'shops' | 'changes'>;
  readonly shops: LiveShops;
  /** Interval of refreshing everything, also without announced changes, milliseconds; 0: never. */
  readonly reconcileMs: number;
  readonly onError: (error: unknown) => void;
}

/** The refresh of each kind of change. New artifacts may contain products that events created meanwhile. */
const refreshFor: Readonly<Record<Change['kind'], (shop: LiveShop, change: Change) => Promise<void>>> = {
  catalogue: shop => shop.refreshCatalogue(),
  shop: shop => shop.refreshPolicy(),
  user: async (shop, { userId }) => shop.forget(userId),
  async artifact(shop) {
    await shop.refreshCatalogue();
    await shop.refreshArtifacts();
  },
};

/** Refreshes what a change affects; everything after a reconnect and at intervals, in case a notification was lost. */
export function createListening({ stores, shops, reconcileMs, onError }: ListeningOptions): Listening {
  let unsubscribe: (() => Promise<void>) | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isOn = false;
  const running = new Set<Promise<void>>();

  /** Keeps track of running work, so that stop can wait for it before the store is closed. */
  function run(work: Promise<void>): void {
    const heard = work.catch(onError).finally(() => running.delete(heard));
    running.add(heard);
  }

  /** A shop that is being loaded may have been read before the change; shops that are not loaded are read later. */
  function hear(change: Change): void {
    const shop = shops.begun(change.shopId);
    if (shop !== undefined) run(shop.then(begun => refreshFor[change.kind](begun, change)));
  }

  function reconcile(): void {
    for (const shop of shops.loaded().values()) {
      shop.sweepStates();
      run(shop.refreshAll());
    }
  }

  /** The missed changes may include shoppers to forget. */
  function recover(): void {
    for (const shop of shops.loaded().values()) shop.forget();
    reconcile();
  }

  return {
    async start() {
      // A start that failed may be repeated.
      unsubscribe ??= await stores.changes.subscribe(hear, recover);
      for (const { id } of await stores.shops.list()) await shops.of(id).catch(onError);
      if (reconcileMs > 0) timer = setInterval(reconcile, reconcileMs).unref();
      isOn = true;
    },
    async stop() {
      isOn = false;
      clearInterval(timer);
      await unsubscribe?.();
      unsubscribe = null;
      await Promise.all(running);
    },
    isOn: () => isOn,
  };
}
