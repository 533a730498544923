import type { LockStore } from '../ports/lock';

/** Creates locks of this process. */
export function createMemoryLocks(): LockStore {
  const last = new Map<string, Promise<unknown>>();
  return {
    async hold(name, work) {
      const before = last.get(name) ?? Promise.resolve();
      const held = before.then(work);
      // The next holder waits for the end of this one, not for its success.
      last.set(
        name,
        held.catch(() => undefined),
      );
      return await held;
    },
  };
}
