/** A read that is made at most once per request, when it is first needed. */
export interface Once<Value> {
  load(): Promise<Value>;
  /** Makes the next `load` read again. Call it after a change. */
  clear(): void;
}

/** Caches the result of `read` from the first `load` on. */
export function once<Value>(read: () => Promise<Value>): Once<Value> {
  let cached: Promise<Value> | null = null;
  return {
    load() {
      cached ??= read();
      return cached;
    },
    clear() {
      cached = null;
    },
  };
}
