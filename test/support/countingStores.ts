import type { Stores } from '../../src/store/ports/stores';

/** Stores that count the calls made to them, for query-count budgets. */
export interface CountingStores {
  readonly stores: Stores;
  /** Calls since the last {@link CountingStores.reset}, as `users.findMany`. */
  readonly calls: readonly string[];
  reset(): void;
}

/** Wraps every store so that each method call is counted before it is made. */
export function countCalls(stores: Stores): CountingStores {
  const calls: string[] = [];
  const counted = <Store extends object>(name: string, store: Store): Store =>
    new Proxy(store, {
      get(target, key, receiver) {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          calls.push(`${name}.${String(key)}`);
          return value.apply(target, args) as unknown;
        };
      },
    });
  const wrapped = Object.fromEntries(
    Object.entries(stores).map(([name, store]: [string, unknown]) => [
      name,
      typeof store === 'object' && store !== null ? counted(name, store) : store,
    ]),
  ) as unknown as Stores;
  return {
    stores: wrapped,
    calls,
    reset() {
      calls.length = 0;
    },
  };
}
