import { GatewayError } from '../../../src/domain/errors';
import type { StorePromise } from './promise';

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Promises of locks. */
export const lockPromises: readonly StorePromise[] = [
  {
    name: 'runs the holders of one lock one after the other, and those of two locks together',
    async hold({ stores: { locks }, shop }) {
      let [holders, most] = [0, 0];
      const work = async (): Promise<void> => {
        holders++;
        most = Math.max(most, holders);
        for (let count = 0; count < 5; count++) await turn();
        holders--;
      };
      await Promise.all([1, 2, 3].map(() => locks.hold(`one ${shop}`, work)));
      expect(most).toBe(1);
      let isReleased: () => void = () => undefined;
      const released = new Promise<void>(resolve => {
        isReleased = resolve;
      });
      const first = locks.hold(`first ${shop}`, () => released);
      await locks.hold(`second ${shop}`, async () => isReleased());
      await first;
    },
  },
  {
    name: 'returns the result or the failure of the work that held a lock, unchanged, and frees the lock',
    async hold({ stores: { locks }, shop }) {
      const name = `failing ${shop}`;
      const error = new Error('not a failure of the store');
      await expect(locks.hold(name, () => Promise.reject(error))).rejects.toBe(error);
      const foreseen = new GatewayError('NOT_FOUND', 'Expected it; got nothing. Create it.');
      await expect(locks.hold(name, () => Promise.reject(foreseen))).rejects.toBe(foreseen);
      await expect(locks.hold(name, async () => 7)).resolves.toBe(7);
    },
  },
];
