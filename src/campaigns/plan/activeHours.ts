// The hours of the day at which a shopper is active, by their own events; for shoppers with few events, those of the crowd.

/** Hours of a day. */
export const hoursPerDay = 24;

/** One event of a shopper. */
export interface ActiveHour {
  /** Local hour of the event, in whole hours since the epoch: events of one type and hour count once. */
  readonly hour: number;
  /** Kind of the event, such as a code of its type. */
  readonly type: number;
}

/** Activity of shoppers by the hour of the day. */
export interface ActiveHours {
  /**
   * Returns the share of each hour of the day in the activity of a shopper, [24], sum 1: their own counts and, as
   * `crowdStrength` more of them, the shares of the crowd. Shoppers with fewer than `minActiveHours` have those of the crowd.
   */
  sharesOf(shopper: number): Float64Array;
  /** Whether the shares are the shopper's own. */
  isOwn(shopper: number): boolean;
}

/** Counted hours from which a shopper's own count. */
export const minActiveHours = 10;
/** Counts that the crowd adds to a shopper's own. */
const crowdStrength = 6;
/** Counts added to every hour of the crowd, so that no hour is impossible. */
const floor = 1;

/** Adds the events of one shopper to counts by the hour of the day. */
function countInto(events: readonly ActiveHour[], counts: Uint32Array): void {
  const seen = new Set<string>();
  for (const { hour, type } of events) {
    const key = `${hour} ${type}`;
    if (seen.has(key)) continue;
    seen.add(key);
    counts[((hour % hoursPerDay) + hoursPerDay) % hoursPerDay]++;
  }
}

const sumOf = (counts: ArrayLike<number> & Iterable<number>): number => {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
};

/**
 * Counts events by the hour of the day. Several events of one type within an hour count once: a page that is reloaded says no
 * more than one visit. Callers leave out what machines did, such as mails that a program opened. O(events); 96 bytes per
 * shopper.
 *
 * @param histories - the events of each shopper, by its number
 */
export function activeHoursOf(histories: readonly (readonly ActiveHour[])[]): ActiveHours {
  const counts = new Uint32Array(histories.length * hoursPerDay);
  const crowd = new Float64Array(hoursPerDay).fill(floor);
  const ownOf = (shopper: number) => counts.subarray(shopper * hoursPerDay, (shopper + 1) * hoursPerDay);
  for (const [shopper, events] of histories.entries()) {
    const own = ownOf(shopper);
    countInto(events, own);
    for (const [hour, count] of own.entries()) crowd[hour] += count;
  }
  const total = sumOf(crowd);
  const crowdShares = crowd.map(count => count / total);
  return {
    isOwn: shopper => sumOf(ownOf(shopper)) >= minActiveHours,
    sharesOf(shopper) {
      const own = ownOf(shopper);
      const sum = sumOf(own);
      if (sum < minActiveHours) return crowdShares.slice();
      return crowdShares.map((share, hour) => (own[hour] + crowdStrength * share) / (sum + crowdStrength));
    },
  };
}
