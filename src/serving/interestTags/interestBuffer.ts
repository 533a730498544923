import type { ShopId, UserId } from '../../domain/ids';

/** Shoppers whose saved interests are to follow what they did. */
export interface InterestBuffer {
  /** Queues the shoppers: their interests are computed and saved soon after. */
  touch(shopId: ShopId, userIds: readonly UserId[]): void;
  /** Saves all that waits; resolves when it is saved or could not be. */
  flush(): Promise<void>;
  /** Shoppers that wait. */
  readonly size: number;
}

/** How a buffer behaves. */
export interface InterestBufferOptions {
  /** Computes and saves. Rejections go to `onError`; these shoppers are saved after their next event. */
  readonly save: (shopId: ShopId, userIds: readonly UserId[]) => Promise<void>;
  /** Wait before each batch, milliseconds: what a shopper does meanwhile is saved once. */
  readonly flushMs: number;
  /** Most shoppers of a batch. */
  readonly batch: number;
  /** Most waiting shoppers; beyond it those who wait longest are dropped, and the next training saves them. */
  readonly maxPending: number;
  readonly onError: (error: unknown) => void;
}

/** A write-behind buffer of shoppers, each of them once. */
export function createInterestBuffer(options: InterestBufferOptions): InterestBuffer {
  const { save, flushMs, batch, maxPending, onError } = options;
  const waiting = new Map<string, readonly [ShopId, UserId]>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;

  /** Up to a batch of those who wait longest, all of one shop. */
  function take(): readonly [ShopId, readonly UserId[]] | null {
    const [first] = waiting.values();
    if (first === undefined) return null;
    const [shopId] = first;
    const userIds: UserId[] = [];
    for (const [key, [shop, userId]] of waiting) {
      if (userIds.length === batch) break;
      if (shop !== shopId) continue;
      userIds.push(userId);
      waiting.delete(key);
    }
    return [shopId, userIds];
  }

  async function saveBatch(): Promise<void> {
    const taken = take();
    if (taken !== null) await save(...taken).catch(onError);
  }

  /** Saves one batch, then pauses, so that saving takes a bounded share of the gateway and the database. */
  function run(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    running ??= saveBatch().finally(() => {
      running = null;
      schedule();
    });
    return running;
  }

  function schedule(): void {
    if (waiting.size > 0 && running === null) timer ??= setTimeout(() => void run(), flushMs).unref();
  }

  return {
    touch(shopId, userIds) {
      for (const userId of userIds) waiting.set(JSON.stringify([shopId, userId]), [shopId, userId]);
      for (const key of waiting.keys()) {
        if (waiting.size <= maxPending) break;
        waiting.delete(key);
      }
      schedule();
    },
    async flush() {
      while (waiting.size > 0 || running !== null) await run();
      clearTimeout(timer);
      timer = undefined;
    },
    get size() {
      return waiting.size;
    },
  };
}
