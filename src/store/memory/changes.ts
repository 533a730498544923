import type { Change, ChangeFeed } from '../ports/change';

/** A change feed within one process, to which the stores announce changes. */
export interface MemoryChanges extends ChangeFeed {
  announce(change: Change): void;
}

/** Creates a feed within this process. As over a network, subscribers are called after the announcing call returned. */
export function createMemoryChanges(): MemoryChanges {
  const subscribers = new Set<(change: Change) => void>();
  return {
    announce(change) {
      for (const onChange of subscribers) queueMicrotask(() => subscribers.has(onChange) && onChange(change));
    },
    async subscribe(onChange) {
      const subscriber = (change: Change) => onChange(change);
      subscribers.add(subscriber);
      return async () => {
        subscribers.delete(subscriber);
      };
    },
  };
}
