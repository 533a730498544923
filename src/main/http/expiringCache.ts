/** A cache whose entries expire, with a maximum size. */
export interface ExpiringCache<Value> {
  /** Returns the value unless it has expired or is absent. */
  fresh(key: string, now: number): Value | undefined;
  /** Returns the value even if it has expired. */
  stale(key: string): Value | undefined;
  /** @param until - when the entry expires, milliseconds since the epoch */
  set(key: string, value: Value, until: number): void;
  delete(key: string): void;
}

/** @param capacity - maximum number of entries; the oldest is dropped first */
export function createExpiringCache<Value>(capacity: number): ExpiringCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    fresh(key, now) {
      const entry = entries.get(key);
      return entry !== undefined && entry.until > now ? entry.value : undefined;
    },
    stale: key => entries.get(key)?.value,
    set(key, value, until) {
      entries.delete(key);
      entries.set(key, { value, until });
      if (entries.size <= capacity) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    delete(key) {
      entries.delete(key);
    },
  };
}
