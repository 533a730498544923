import { GatewayError } from '../domain/errors';
import type { ListId, ShopId } from '../domain/ids';
import type { RecommendationList } from '../domain/recommendation';
import type { RecommendationStore } from '../store/ports';

/** What became of the lists so far. */
export interface ListBufferCounts {
  /** Waiting or being written. */
  readonly pending: number;
  readonly saved: number;
  /** Given up because too many waited, or because the store refused them. */
  readonly dropped: number;
}

/** Lists on their way to the store: findable at once, written in batches soon after. */
export interface ListBuffer {
  add(list: RecommendationList): void;
  /** Waiting lists first, then the store's. Unknown ids are absent. */
  findMany(shopId: ShopId, ids: readonly ListId[]): Promise<ReadonlyMap<ListId, RecommendationList>>;
  counts(): ListBufferCounts;
  /** Writes all that waits; resolves when it is written, or the store could not be reached. */
  flush(): Promise<void>;
}

/** How a buffer behaves. */
export interface ListBufferOptions {
  readonly store: RecommendationStore;
  /** Longest wait before a write, milliseconds. */
  readonly flushMs: number;
  /** Lists that start a write before its time. */
  readonly batch: number;
  /** Lists that may wait; beyond it the oldest is given up. */
  readonly maxPending: number;
  readonly onError: (error: unknown) => void;
}

type Lists = Map<ListId, RecommendationList>;

const longestPauseMs = 5_000;
/** Batches written in one go when many wait. */
const backlogBatches = 4;

const isUnavailable = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'UNAVAILABLE';

/** Takes up to `count` of the oldest out of `waiting`. */
function takeOldest(waiting: Lists, count: number): Lists {
  const taken: Lists = new Map();
  for (const [id, list] of waiting) {
    if (taken.size === count) break;
    taken.set(id, list);
    waiting.delete(id);
  }
  return taken;
}

/** Writes lists: together, or one by one when the store refuses some, so that a bad list takes no other with it. */
async function write(
  { store, onError }: ListBufferOptions,
  lists: readonly RecommendationList[],
): Promise<'unavailable' | { readonly saved: number }> {
  try {
    await store.saveMany(lists);
    return { saved: lists.length };
  } catch (error) {
    onError(error);
    if (isUnavailable(error)) return 'unavailable';
  }
  let saved = 0;
  for (const list of lists) {
    try {
      await store.saveMany([list]);
      saved++;
    } catch (error) {
      onError(error);
    }
  }
  return { saved };
}

/** A write-behind buffer. A store that cannot be reached is tried again with growing pauses: saving a list twice is harmless. */
export function createListBuffer(options: ListBufferOptions): ListBuffer {
  const { store, flushMs, batch, maxPending } = options;
  let waiting: Lists = new Map();
  let writing: Lists = new Map();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<boolean> | null = null;
  let pauseMs = flushMs;
  let saved = 0;
  let dropped = 0;

  function dropOldest(): void {
    dropped += takeOldest(waiting, Math.max(0, waiting.size - maxPending)).size;
  }

  async function writeBatch(): Promise<boolean> {
    writing = takeOldest(waiting, batch * backlogBatches);
    const outcome = await write(options, [...writing.values()]);
    if (outcome === 'unavailable') {
      waiting = new Map([...writing, ...waiting]);
      dropOldest();
    } else {
      saved += outcome.saved;
      dropped += writing.size - outcome.saved;
    }
    writing = new Map();
    return outcome !== 'unavailable';
  }

  /** What is left is less than a batch: it gathers until the next time. */
  async function writeBatches(): Promise<boolean> {
    do {
      if (!(await writeBatch())) return false;
    } while (waiting.size >= batch);
    return true;
  }

  function run(): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    running ??= writeBatches().then(isWritten => {
      running = null;
      pauseMs = isWritten ? flushMs : Math.min(longestPauseMs, 2 * pauseMs);
      if (waiting.size > 0) schedule();
      return isWritten;
    });
    return running;
  }

  function schedule(): void {
    timer ??= setTimeout(() => void run(), pauseMs);
  }

  return {
    add(list) {
      waiting.set(list.id, list);
      dropOldest();
      // After a failure only the timer writes: a full buffer must not hammer a store that is down.
      if (waiting.size >= batch && pauseMs === flushMs && running === null) void run();
      else schedule();
    },
    async findMany(shopId, ids) {
      const here = ids.flatMap(id => waiting.get(id) ?? writing.get(id) ?? []);
      const found = new Map(here.filter(list => list.shopId === shopId).map(list => [list.id, list]));
      const missing = ids.filter(id => !found.has(id));
      if (missing.length === 0) return found;
      return new Map([...found, ...(await store.findMany(shopId, missing))]);
    },
    counts: () => ({ pending: waiting.size + writing.size, saved, dropped }),
    async flush() {
      while (waiting.size > 0 || running !== null) if (!(await run())) break;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
