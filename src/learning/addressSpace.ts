/** Addresses of arrays that lie one after the other. */
export interface AddressSpace {
  /** Reserves 4-byte words. Returns their address, a multiple of 64 bytes from the base. */
  take(words: number): number;
  /** First address after everything that was reserved. */
  end(): number;
}

/** Reserves addresses from a base on: the same calls give the same addresses on every thread. */
export function addressSpace(base: number): AddressSpace {
  let top = base;
  return {
    take(words) {
      const address = top;
      top += 64 * Math.ceil(words / 16);
      return address;
    },
    end: () => top,
  };
}
