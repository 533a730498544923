/** Runs tasks with the same key one after the other, in the order of the calls; other keys do not wait. */
export type InOrder<Key> = <Result>(key: Key, task: () => Promise<Result>) => Promise<Result>;

/** Creates a runner. It holds nothing for a key whose tasks are done. */
export function createInOrder<Key>(): InOrder<Key> {
  const last = new Map<Key, Promise<unknown>>();
  return async (key, task) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
