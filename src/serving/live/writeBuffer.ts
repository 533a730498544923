import { GatewayError } from '../../domain/errors';
import type { ShopId } from '../../domain/ids';

/** A row of a shop that is written once and never changed. */
interface Written<Id extends string> {
  readonly shopId: ShopId;
  readonly id: Id;
}

/** The store of the rows. Saving a row twice is harmless. */
interface WriteStore<Id extends string, Row> {
  saveMany(rows: readonly Row[]): Promise<void>;
  findMany(shopId: ShopId, ids: readonly Id[]): Promise<ReadonlyMap<Id, Row>>;
}

/** Numbers of rows since the start. */
export interface WriteBufferCounts {
  /** Waiting or being written. */
  readonly pending: number;
  readonly saved: number;
  /** Dropped because too many waited, or because the store refused them. */
  readonly dropped: number;
}

/** A write-behind buffer: rows can be found at once and are written in batches soon after. */
export interface WriteBuffer<Id extends string, Row> {
  add(row: Row): void;
  /** Finds rows in the buffer, then in the store. Unknown ids are absent. */
  findMany(shopId: ShopId, ids: readonly Id[]): Promise<ReadonlyMap<Id, Row>>;
  /** Drops waiting rows; those that are being written are written. */
  drop(isUnwanted: (row: Row) => boolean): void;
  counts(): WriteBufferCounts;
  /**
   * Writes the rows that wait now; resolves when they are written or dropped, or the store could not be reached. Unlike
   * {@link flush} it does not wait for rows that are added meanwhile.
   */
  settle(): Promise<void>;
  /** Writes all waiting rows; resolves when they are written, or the store could not be reached. */
  flush(): Promise<void>;
}

/** Options of {@link createWriteBuffer}. */
export interface WriteBufferOptions<Id extends string, Row> {
  readonly store: WriteStore<Id, Row>;
  /** Longest delay before a write, milliseconds. */
  readonly flushMs: number;
  /** Rows per batch; this many waiting rows start a write early. */
  readonly batch: number;
  /** Most waiting rows; beyond it the oldest is dropped. */
  readonly maxPending: number;
  readonly onError: (error: unknown) => void;
}

const longestPauseMs = 5_000;
/** Most batches that are written together when many rows wait. */
const backlogBatches = 4;

const isUnavailable = (error: unknown): boolean =>
  error instanceof GatewayError && error.code === 'UNAVAILABLE';

/** Removes up to `count` of the oldest rows from `waiting` and returns them. */
function takeOldest<Row>(waiting: Map<string, Row>, count: number): Map<string, Row> {
  const taken = new Map<string, Row>();
  for (const [key, row] of waiting) {
    if (taken.size === count) break;
    taken.set(key, row);
    waiting.delete(key);
  }
  return taken;
}

/** Writes rows together, or one by one when the store refuses some, so that one bad row does not affect others. */
async function write<Id extends string, Row>(
  { store, onError }: WriteBufferOptions<Id, Row>,
  rows: readonly Row[],
): Promise<'unavailable' | { readonly saved: number }> {
  try {
    await store.saveMany(rows);
    return { saved: rows.length };
  } catch (error) {
    onError(error);
    if (isUnavailable(error)) return 'unavailable';
  }
  let saved = 0;
  for (const row of rows) {
    try {
      await store.saveMany([row]);
      saved++;
    } catch (error) {
      onError(error);
    }
  }
  return { saved };
}

/** Callers that wait until a number of batches has ended. */
function createWaiters() {
  const waiters = new Set<{ batches: number; readonly done: () => void }>();
  return {
    hasAny: (): boolean => waiters.size > 0,
    wait: (batches: number): Promise<void> => new Promise(done => waiters.add({ batches, done })),
    /** Ends one batch. @param isLast - no caller waits for a further batch */
    endBatch(isLast: boolean): void {
      for (const waiter of waiters) {
        waiter.batches--;
        if (!isLast && waiter.batches > 0) continue;
        waiters.delete(waiter);
        waiter.done();
      }
    },
  };
}

const keyOf = (shopId: ShopId, id: string): string => JSON.stringify([shopId, id]);

/** Finds rows by their keys in memory, and the others in the store. */
async function findRows<Id extends string, Row extends Written<Id>>(
  store: WriteStore<Id, Row>,
  shopId: ShopId,
  ids: readonly Id[],
  hereOf: (key: string) => Row | undefined,
): Promise<ReadonlyMap<Id, Row>> {
  const here = ids.flatMap(id => hereOf(keyOf(shopId, id)) ?? []);
  const found = new Map(here.map(row => [row.id, row]));
  const missing = ids.filter(id => !found.has(id));
  if (missing.length === 0) return found;
  return new Map([...found, ...(await store.findMany(shopId, missing))]);
}

/** Creates a write-behind buffer. A store that cannot be reached is tried again after growing pauses. */
export function createWriteBuffer<Id extends string, Row extends Written<Id>>(
  options: WriteBufferOptions<Id, Row>,
): WriteBuffer<Id, Row> {
  const { store, flushMs, batch, maxPending } = options;
  const mostTaken = batch * backlogBatches;
  const waiters = createWaiters();
  let waiting = new Map<string, Row>();
  let writing = new Map<string, Row>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<boolean> | null = null;
  let pauseMs = flushMs;
  let saved = 0;
  let dropped = 0;

  function dropOldest(): void {
    dropped += takeOldest(waiting, Math.max(0, waiting.size - maxPending)).size;
  }

  async function writeBatch(): Promise<boolean> {
    writing = takeOldest(waiting, mostTaken);
    const outcome = await write(options, [...writing.values()]);
    if (outcome === 'unavailable') {
      waiting = new Map([...writing, ...waiting]);
      dropOldest();
    } else {
      saved += outcome.saved;
      dropped += writing.size - outcome.saved;
    }
    writing = new Map();
    waiters.endBatch(outcome === 'unavailable' || waiting.size === 0);
    return outcome !== 'unavailable';
  }

  /** Fewer rows than a batch are left, and no caller waits for them: they wait for the timer. */
  async function writeBatches(): Promise<boolean> {
    do {
      if (!(await writeBatch())) return false;
    } while (waiting.size >= batch || (waiters.hasAny() && waiting.size > 0));
    return true;
  }

  function run(): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    running ??= writeBatches().then(isWritten => {
      running = null;
      pauseMs = isWritten ? flushMs : Math.min(longestPauseMs, 2 * pauseMs);
      if (waiters.hasAny()) void run();
      else if (waiting.size > 0) schedule();
      return isWritten;
    });
    return running;
  }

  function schedule(): void {
    timer ??= setTimeout(() => void run(), pauseMs);
  }

  return {
    add(row) {
      waiting.set(keyOf(row.shopId, row.id), row);
      dropOldest();
      // After a failure only the timer writes, so that a full buffer does not overload a failing store.
      if (waiting.size >= batch && pauseMs === flushMs && running === null) void run();
      else schedule();
    },
    findMany: (shopId, ids) => findRows(store, shopId, ids, key => waiting.get(key) ?? writing.get(key)),
    drop(isUnwanted) {
      for (const [key, row] of waiting) if (isUnwanted(row)) waiting.delete(key);
    },
    counts: () => ({ pending: waiting.size + writing.size, saved, dropped }),
    async settle() {
      // The oldest are written first: rows that wait now are in the next batches, whatever is added.
      const batches = Number(writing.size > 0) + Math.ceil(waiting.size / mostTaken);
      if (batches === 0) return;
      const settled = waiters.wait(batches);
      void run();
      await settled;
    },
    async flush() {
      while (waiting.size > 0 || running !== null) if (!(await run())) break;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
