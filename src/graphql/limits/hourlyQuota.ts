import type { Principal } from '../../domain/role';

/** A limit per key and hour. Unused quota refills continuously, and never exceeds the quota of one hour. */
export interface HourlyQuota {
  /** Takes up to `wanted` units and returns the number that was granted. @param now - milliseconds since the epoch */
  take(key: string, wanted: number, now: number): number;
  /** Number of seconds until one more unit is granted, at least 1. */
  readonly refillSeconds: number;
}

/** Maximum number of keys in memory. The least recently used key is evicted, and then has its whole quota again. */
const maxKeys = 100_000;
const msPerHour = 3_600_000;

interface Bucket {
  /** Units that were left at `at`. */
  readonly units: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Creates a token bucket per key (Turner 1986, "New directions in communications"). Buckets are in the memory of this process:
 * a fleet of n gateways grants up to n times as much.
 *
 * @param perHour - units per key, at least 1
 */
export function createHourlyQuota(perHour: number): HourlyQuota {
  const buckets = new Map<string, Bucket>();

  function available(key: string, now: number): number {
    const bucket = buckets.get(key);
    if (bucket === undefined) return perHour;
    const refilled = (Math.max(0, now - bucket.at) / msPerHour) * perHour;
    return Math.min(perHour, bucket.units + refilled);
  }

  return {
    take(key, wanted, now) {
      const units = available(key, now);
      const granted = Math.min(wanted, Math.floor(units));
      // A Map iterates in insertion order, so the first key is the least recently used.
      buckets.delete(key);
      buckets.set(key, { units: units - granted, at: now });
      const [oldest] = buckets.keys();
      if (buckets.size > maxKeys) buckets.delete(oldest);
      return granted;
    },
    refillSeconds: Math.max(1, Math.ceil(3600 / perHour)),
  };
}

/** Limits of what may be stored. Those of shoppers hold for SHOPPER credentials: servers act for many shoppers. */
export interface Quotas {
  /** Events of one shopper. */
  readonly shopperEvents: HourlyQuota;
  /** Lists of one shopper that are stored. Beyond it they are served, but not stored. */
  readonly shopperLists: HourlyQuota;
  /** Stubs of products that the events of one shop create. */
  readonly productStubs: HourlyQuota;
}

/** Sizes of {@link Quotas}, per hour and gateway. */
export interface QuotaSizes {
  readonly shopperEvents: number;
  readonly shopperLists: number;
  readonly productStubs: number;
}

/** Default sizes. A person needs a small part of those per shopper; the stubs allow a new catalogue of 480,000 products per day. */
export const defaultQuotaSizes: QuotaSizes = {
  shopperEvents: 10_000,
  shopperLists: 3_000,
  productStubs: 20_000,
};

/** Returns the key of a shopper in the quotas per shopper. */
export const quotaKeyOf = ({ shopId, userId }: Principal): string => JSON.stringify([shopId, userId]);

/** Creates the quotas of a process. */
export const createQuotas = (sizes: QuotaSizes): Quotas => ({
  shopperEvents: createHourlyQuota(sizes.shopperEvents),
  shopperLists: createHourlyQuota(sizes.shopperLists),
  productStubs: createHourlyQuota(sizes.productStubs),
});
