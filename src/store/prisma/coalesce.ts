/** Answers what is known of some keys. */
export type Load<Key, Value> = (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;

interface Asker<Key, Value> {
  readonly keys: readonly Key[];
  resolve(found: ReadonlyMap<Key, Value>): void;
  reject(error: unknown): void;
}

const maxLanes = 2;

function pickInto<Key, Value>({ keys, resolve }: Asker<Key, Value>, all: ReadonlyMap<Key, Value>): void {
  const found = new Map<Key, Value>();
  for (const key of keys) {
    const value = all.get(key);
    if (value !== undefined) found.set(key, value);
  }
  resolve(found);
}

/**
 * Lets concurrent askers share a query: those that come together, and those that come while two queries are under way,
 * are answered by the next one. Nothing is remembered beyond that.
 */
function coalesce<Key, Value>(load: Load<Key, Value>, onIdle: () => void): Load<Key, Value> {
  let askers: Asker<Key, Value>[] = [];
  let inFlight = 0;
  let isScheduled = false;

  async function ask(): Promise<void> {
    const group = askers;
    askers = [];
    inFlight++;
    try {
      const all = await load([...new Set(group.flatMap(asker => asker.keys))]);
      for (const asker of group) pickInto(asker, all);
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      inFlight--;
      schedule();
      if (inFlight === 0 && !isScheduled) onIdle();
    }
  }

  function schedule(): void {
    if (isScheduled || inFlight >= maxLanes || askers.length === 0) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      void ask();
    });
  }

  return keys =>
    new Promise((resolve, reject) => {
      askers.push({ keys, resolve, reject });
      schedule();
    });
}

/** {@link coalesce} for each group (a shop, a shop and a limit) by itself; a group nobody asks is forgotten. */
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
