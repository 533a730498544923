/** Runs tasks of one key one after the other, in the order they came; those of different keys do not wait for each other. */
export type InOrder<Key> = <Result>(key: Key, task: () => Promise<Result>) => Promise<Result>;

/** Remembers nothing of a key whose tasks are done. */
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
