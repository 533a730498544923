import { GatewayError } from '../../src/domain/errors';
import type { Stores } from '../../src/store/ports/stores';

/** Stores whose database can be taken away. */
export interface FailingStores {
  readonly stores: Stores;
  /** While true, every method rejects with UNAVAILABLE. */
  isDown: boolean;
}

const down = (): GatewayError => new GatewayError('UNAVAILABLE', 'Expected a database; got none. Try again.');

/** Wraps stores, so that their methods can be made to fail together. */
export function failingStores(original: Stores): FailingStores {
  const state = { isDown: false };
  const wrap = (port: object): object =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]) => [
        name,
        (...given: unknown[]) => {
          if (!state.isDown) return method.apply(port, given);
          return name === 'changedSince' || name === 'scan'
            ? { [Symbol.asyncIterator]: () => ({ next: async () => Promise.reject(down()) }) }
            : Promise.reject(down());
        },
      ]),
    );
  const { changes, ping, close, ...ports } = original;
  const wrapped = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, wrap(port)]));
  const stores = {
    ...(wrapped as unknown as typeof ports),
    changes,
    ping: () => (state.isDown ? Promise.reject(down()) : ping()),
    close,
  };
  return Object.assign(state, { stores });
}
