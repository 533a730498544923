/** A map that keeps the latest used entries, up to a bound. */
export interface Lru<Key, Value> {
  readonly size: number;
  /** The value, which then counts as just used. */
  get(key: Key): Value | undefined;
  set(key: Key, value: Value): void;
  delete(key: Key): void;
  /** The least recently used first. */
  entries(): IterableIterator<[Key, Value]>;
  clear(): void;
}

/** @param capacity - entries kept, at least 1; the least recently used goes first */
export function createLru<Key, Value>(capacity: number): Lru<Key, Value> {
  // A Map iterates in order of insertion: an entry put in again moves to the young end.
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
