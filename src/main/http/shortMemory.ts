/** Remembers answers for a while, up to a number of them. */
export interface ShortMemory<Value> {
  /** A fresh answer, or undefined. */
  fresh(key: string, now: number): Value | undefined;
  /** The last answer, however old. */
  stale(key: string): Value | undefined;
  keep(key: string, value: Value, until: number): void;
  forget(key: string): void;
}

/** @param capacity - answers kept; the oldest goes first */
export function createShortMemory<Value>(capacity: number): ShortMemory<Value> {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    fresh(key, now) {
      const entry = entries.get(key);
      return entry !== undefined && entry.until > now ? entry.value : undefined;
    },
    stale: key => entries.get(key)?.value,
    keep(key, value, until) {
      entries.delete(key);
      entries.set(key, { value, until });
      if (entries.size <= capacity) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
