import type { Change } from '../../store/ports/change';
import type { Stores } from '../../store/ports/stores';
import type { LiveShop } from './liveShop';
import type { LiveShops } from './liveShops';

/** Keeps shops in step with the store while it is on. */
export interface Listening {
  /** @throws {GatewayError} UNAVAILABLE */
  start(): Promise<void>;
  stop(): Promise<void>;
  isOn(): boolean;
}

/** What listening needs. */
export interface ListeningOptions {
  readonly stores: Pick<Stores, 'shops' | 'changes'>;
  readonly shops: LiveShops;
  /** How often everything is looked at although nothing was announced; 0 never. */
  readonly reconcileMs: number;
  readonly onError: (error: unknown) => void;
}

/** Which part of a shop a change makes stale. New artifacts know products that events made meanwhile. */
const refreshFor: Readonly<Record<Change['kind'], (shop: LiveShop, change: Change) => Promise<void>>> = {
  catalogue: shop => shop.refreshCatalogue(),
  shop: shop => shop.refreshPolicy(),
  user: async (shop, { userId }) => shop.forget(userId),
  async artifact(shop) {
    await shop.refreshCatalogue();
    await shop.refreshArtifacts();
  },
};

/** Refreshes what a change names; all of it after a reconnect, and now and then in case a change was never told. */
export function createListening({ stores, shops, reconcileMs, onError }: ListeningOptions): Listening {
  let unsubscribe: (() => Promise<void>) | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isOn = false;
  const running = new Set<Promise<void>>();

  /** Remembers what is under way, so that stop can wait for it: a store that is closed under it would only fail. */
  function run(work: Promise<void>): void {
    const heard = work.catch(onError).finally(() => running.delete(heard));
    running.add(heard);
  }

  /** A shop that is just being loaded may have been read before the change; one that nobody asked for reads later. */
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

  /** Among what was not heard may be who is to be forgotten. */
  function recover(): void {
    for (const shop of shops.loaded().values()) shop.forget();
    reconcile();
  }

  return {
    async start() {
      unsubscribe = await stores.changes.subscribe(hear, recover);
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
