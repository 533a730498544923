import type { Change, ChangeFeed } from '../ports/change';

/** A feed within one process, and how the stores announce to it. */
export interface MemoryChanges extends ChangeFeed {
  announce(change: Change): void;
}

/** Makes a feed within this process. Subscribers are called after the announcing call returned, as over a network. */
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
