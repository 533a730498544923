/** Loads one value by key, many keys a read. */
export type BatchRead<Key, Value> = (key: Key) => Promise<Value>;

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** How a batch read goes about its work. */
export interface BatchReadOptions<Key, Value> {
  /** Answers the values by key; a key may be absent. */
  readonly read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  /** Value for a key that was not answered. */
  readonly absent: Value;
  /** Reads under way at once: one keeps latency low when idle, and lets keys gather when busy. */
  readonly maxInFlight?: number;
  readonly maxKeys?: number;
}

/**
 * Reads of concurrent requests share a query. The first goes out at the end of the current turn of the event loop;
 * those that come while `maxInFlight` reads are under way wait and go out together. So an idle shop pays no delay, and
 * a busy one pays one query for tens of shoppers.
 */
export function createBatchRead<Key, Value>({
  read,
  absent,
  maxInFlight = 2,
  maxKeys = 256,
}: BatchReadOptions<Key, Value>): BatchRead<Key, Value> {
  let waiting = new Map<Key, Waiting<Value>[]>();
  let inFlight = 0;
  let isScheduled = false;

  function take(): Map<Key, Waiting<Value>[]> {
    const taken = waiting;
    waiting = new Map();
    if (taken.size <= maxKeys) return taken;
    const entries = [...taken];
    waiting = new Map(entries.slice(maxKeys));
    return new Map(entries.slice(0, maxKeys));
  }

  async function answer(batch: Map<Key, Waiting<Value>[]>): Promise<void> {
    const values = await read([...batch.keys()]);
    for (const [key, callers] of batch) {
      const value = values.get(key) ?? absent;
      for (const caller of callers) caller.resolve(value);
    }
  }

  async function run(batch: Map<Key, Waiting<Value>[]>): Promise<void> {
    inFlight++;
    await answer(batch).catch((error: unknown) => {
      for (const caller of [...batch.values()].flat()) caller.reject(error);
    });
    inFlight--;
    schedule();
  }

  function dispatch(): void {
    isScheduled = false;
    while (waiting.size > 0 && inFlight < maxInFlight) void run(take());
  }

  function schedule(): void {
    if (isScheduled || waiting.size === 0 || inFlight >= maxInFlight) return;
    isScheduled = true;
    setImmediate(dispatch);
  }

  return key =>
    new Promise((resolve, reject) => {
      const callers = waiting.get(key);
      if (callers === undefined) waiting.set(key, [{ resolve, reject }]);
      else callers.push({ resolve, reject });
      schedule();
    });
}
