// Shops whose events ended: an archive that was imported to try the gateway, or a shop that closed. Seen from today all of its
// shoppers have been silent for years, which no model has learned about: nothing is due, and every interest has faded. Answers
// about such shoppers are therefore given as of the shop's latest event, the instant for which models are measured, and say so.

/** Days without a known event after which the events of a shop count as ended. Longer than between two trainings of a shop that is in use. */
export const endedAfterDays = 180;
const msPerDay = 86_400_000;

/** Models or insights that serve. */
interface Shelf {
  current(): ReadonlyMap<string, { readonly asOf: number }>;
}

/** What was learned of a shop, up to its latest event at that time. */
interface Learned {
  readonly shelf: Shelf;
  readonly insights: Shelf;
}

/** Returns the latest event that any live model or insight has learned from, milliseconds since the epoch; -Infinity without any. */
function latestLearned({ shelf, insights }: Learned): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { asOf } of shelf.current().values()) latest = Math.max(latest, asOf);
  for (const { asOf } of insights.current().values()) latest = Math.max(latest, asOf);
  return latest;
}

/**
 * Returns the instant as of which a shopper is answered, milliseconds since the epoch: `now`, or the latest known event where that is
 * more than {@link endedAfterDays} before it. A new event of the shopper thus ends it for them at once.
 *
 * @param latestAt - the latest known event, of the shop or of the shopper; -Infinity where none is known
 */
export const answerInstant = (now: number, latestAt: number): number =>
  Number.isFinite(latestAt) && now - latestAt > endedAfterDays * msPerDay ? latestAt : now;

/** Returns the instant as of which a shopper with these events is answered. */
export function answerInstantOf(
  shop: Learned,
  events: readonly { readonly occurredAt: number }[],
  now: number,
): number {
  const own = events.reduce((latest, { occurredAt }) => Math.max(latest, occurredAt), latestLearned(shop));
  return answerInstant(now, own);
}
