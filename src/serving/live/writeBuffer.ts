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

/** The waiting rows, the batch that is being written, and the timer of the next write. */
class BatchWriter<Id extends string, Row extends Written<Id>> {
  readonly #waiters = createWaiters();
  readonly #maxTaken: number;
  #waiting = new Map<string, Row>();
  #writing = new Map<string, Row>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<boolean> | null = null;
  #pauseMs: number;
  #saved = 0;
  #dropped = 0;

  constructor(private readonly options: WriteBufferOptions<Id, Row>) {
    this.#maxTaken = options.batch * backlogBatches;
    this.#pauseMs = options.flushMs;
  }

  add(row: Row): void {
    const { batch, flushMs } = this.options;
    this.#waiting.set(keyOf(row.shopId, row.id), row);
    this.#dropOldest();
    // After a failure only the timer writes, so that a full buffer does not overload a failing store.
    if (this.#waiting.size >= batch && this.#pauseMs === flushMs && this.#running === null) void this.#run();
    else this.#schedule();
  }

  find(key: string): Row | undefined {
    return this.#waiting.get(key) ?? this.#writing.get(key);
  }

  drop(isUnwanted: (row: Row) => boolean): void {
    for (const [key, row] of this.#waiting) if (isUnwanted(row)) this.#waiting.delete(key);
  }

  counts(): WriteBufferCounts {
    return {
      pending: this.#waiting.size + this.#writing.size,
      saved: this.#saved,
      dropped: this.#dropped,
    };
  }

  async settle(): Promise<void> {
    // The oldest are written first: rows that wait now are in the next batches, whatever is added.
    const batches = Number(this.#writing.size > 0) + Math.ceil(this.#waiting.size / this.#maxTaken);
    if (batches === 0) return;
    const settled = this.#waiters.wait(batches);
    void this.#run();
    await settled;
  }

  async flush(): Promise<void> {
    while (this.#waiting.size > 0 || this.#running !== null) if (!(await this.#run())) break;
    this.#stopTimer();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#run(), this.#pauseMs);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Starts writing, unless it runs already. Returns whether the store could be reached. */
  #run(): Promise<boolean> {
    this.#stopTimer();
    this.#running ??= this.#writeBatches().then(isWritten => {
      const { flushMs } = this.options;
      this.#running = null;
      this.#pauseMs = isWritten ? flushMs : Math.min(longestPauseMs, 2 * this.#pauseMs);
      if (this.#waiters.hasAny()) void this.#run();
      else if (this.#waiting.size > 0) this.#schedule();
      return isWritten;
    });
    return this.#running;
  }

  /** When it ends, fewer rows than a batch are left, and no caller waits for them: they wait for the timer. */
  async #writeBatches(): Promise<boolean> {
    do {
      if (!(await this.#writeBatch())) return false;
    } while (this.#waiting.size >= this.options.batch || (this.#waiters.hasAny() && this.#waiting.size > 0));
    return true;
  }

  async #writeBatch(): Promise<boolean> {
    this.#writing = takeOldest(this.#waiting, this.#maxTaken);
    const outcome = await write(this.options, [...this.#writing.values()]);
    if (outcome === 'unavailable') {
      this.#waiting = new Map([...this.#writing, ...this.#waiting]);
      this.#dropOldest();
    } else {
      this.#saved += outcome.saved;
      this.#dropped += this.#writing.size - outcome.saved;
    }
    this.#writing = new Map();
    this.#waiters.endBatch(outcome === 'unavailable' || this.#waiting.size === 0);
    return outcome !== 'unavailable';
  }

  #dropOldest(): void {
    const excess = Math.max(0, this.#waiting.size - this.options.maxPending);
    this.#dropped += takeOldest(this.#waiting, excess).size;
  }
}

/** Creates a write-behind buffer. A store that cannot be reached is tried again after growing pauses. */
export function createWriteBuffer<Id extends string, Row extends Written<Id>>(
  options: WriteBufferOptions<Id, Row>,
): WriteBuffer<Id, Row> {
  const writer = new BatchWriter(options);
  const hereOf = (key: string): Row | undefined => writer.find(key);
  return {
    add: row => writer.add(row),
    findMany: (shopId, ids) => findRows(options.store, shopId, ids, hereOf),
    drop: isUnwanted => writer.drop(isUnwanted),
    counts: () => writer.counts(),
    settle: () => writer.settle(),
    flush: () => writer.flush(),
  };
}
