/** Loads one value by key; concurrent calls share a read. */
export type BatchRead<Key, Value> = (key: Key) => Promise<Value>;

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** Options of {@link createBatchRead}. */
export interface BatchReadOptions<Key, Value> {
  /** Returns the values by key; a key may be absent. */
  readonly read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  /** Value for an absent key. */
  readonly absent: Value;
  /** Most concurrent reads. Few reads let keys gather under load; latency is low without load. */
  readonly maxInFlight?: number;
  readonly maxKeys?: number;
}

/**
 * Creates a read that concurrent requests share. The first query starts at the end of the current turn of the event loop.
 * Keys that arrive while `maxInFlight` queries run wait and share the next one. So an idle shop has no delay, and a busy one
 * needs one query for tens of shoppers.
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
