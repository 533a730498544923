/** Loads values by key; unknown keys are absent from the result. */
export type Load<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

interface PendingLoad<Key, Value> {
  readonly keys: readonly Key[];
  resolve(found: ReadonlyMap<Key, Value>): void;
  reject(error: unknown): void;
}

const maxLanes = 2;

function pickInto<Key, Value>(
  { keys, resolve }: PendingLoad<Key, Value>,
  all: ReadonlyMap<Key, Value>,
): void {
  const found = new Map<Key, Value>();
  for (const key of keys) {
    const value = all.get(key);
    if (value !== undefined) found.set(key, value);
  }
  resolve(found);
}

/**
 * Lets concurrent calls share a query: calls of the same tick, and calls that arrive while two queries are running, are
 * served by the next query. Results are not cached.
 */
function coalesce<Key, Value>(load: Load<Key, Value>, onIdle: () => void): Load<Key, Value> {
  let pending: PendingLoad<Key, Value>[] = [];
  let inFlight = 0;
  let isScheduled = false;

  async function loadPending(): Promise<void> {
    const group = pending;
    pending = [];
    inFlight++;
    try {
      const all = await load([...new Set(group.flatMap(request => request.keys))]);
      for (const request of group) pickInto(request, all);
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      inFlight--;
      schedule();
      if (inFlight === 0 && !isScheduled) onIdle();
    }
  }

  function schedule(): void {
    if (isScheduled || inFlight >= maxLanes || pending.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      void loadPending();
    });
  }

  return keys =>
    new Promise((resolve, reject) => {
      pending.push({ keys, resolve, reject });
      schedule();
    });
}

/** {@link coalesce} per group (a shop, or a shop and a limit); idle groups are dropped. */
export function coalesceBy<Key, Value>(
  loadOf: (group: string, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (group: string, keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>> {
  const groups = new Map<string, Load<Key, Value>>();
  return (group, keys) => {
    if (keys.length === 0) return Promise.resolve(new Map());
    let load = groups.get(group);
    if (load === undefined) {
      load = coalesce(
        some => loadOf(group, some),
        () => groups.delete(group),
      );
      groups.set(group, load);
    }
    return load(keys);
  };
}
