/** A map of bounded size that evicts the least recently used entry. */
export interface Lru<Key, Value> {
  readonly size: number;
  /** Returns the value and marks it as most recently used. */
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  /** Returns the entries, least recently used first. */
  entries(): IterableIterator<[Key, Value]>;
  clear(): void;
}

/** Creates an LRU map. @param capacity - maximum number of entries, at least 1 */
export function createLru<Key, Value>(capacity: number): Lru<Key, Value> {
  // A Map iterates in insertion order; inserting an entry again moves it to the end.
  const entries = new Map<Key, Value>();
  return {
    get size() {
      return entries.size;
    },
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= capacity) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    delete: key => void entries.delete(key),
    entries: () => entries.entries(),
    clear: () => entries.clear(),
  };
}
