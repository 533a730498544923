import type { Stores } from '../store/ports/stores';

/** What was removed. */
export interface Purged {
  readonly lists: number;
  readonly predictions: number;
  readonly interactions: number;
}

const msPerDay = 86_400_000;

/**
 * Removes lists and predictions whose end has come, and interactions past their shop's retention (shops without one keep them).
 *
 * @param now - milliseconds since the epoch
 * @throws {GatewayError} UNAVAILABLE
 */
export async function purgeExpired(
  stores: Pick<Stores, 'shops' | 'recommendations' | 'predictions' | 'interactions'>,
  now: number,
): Promise<Purged> {
  const lists = await stores.recommendations.removeExpired(now);
  const predictions = await stores.predictions.removeExpired(now);
  let interactions = 0;
  for (const { id, interactionRetentionDays } of await stores.shops.list()) {
    if (interactionRetentionDays === null) continue;
    interactions += await stores.interactions.removeOlderThan(id, now - interactionRetentionDays * msPerDay);
  }
  return { lists, predictions, interactions };
}
