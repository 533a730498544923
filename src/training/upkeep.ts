import type { Stores } from '../store/ports/stores';

/** Numbers of removed rows. */
export interface Purged {
  readonly lists: number;
  readonly predictions: number;
  readonly interactions: number;
}

const msPerDay = 86_400_000;

/**
 * Removes expired lists and predictions, bytes of artifacts whose upload was abandoned, and interactions older than their
 * shop's `retention.interactionDays`; a shop where that is null keeps them.
 *
 * @param now - milliseconds since the epoch
 * @throws {GatewayError} UNAVAILABLE
 */
export async function purgeExpired(
  stores: Pick<Stores, 'shops' | 'recommendations' | 'predictions' | 'interactions' | 'artifacts'>,
  now: number,
): Promise<Purged> {
  const lists = await stores.recommendations.removeExpired(now);
  const predictions = await stores.predictions.removeExpired(now);
  let interactions = 0;
  for (const { id, policy } of await stores.shops.list()) {
    await stores.artifacts.removeUnfinished(id);
    const { interactionDays } = policy.retention;
    if (interactionDays === null) continue;
    interactions += await stores.interactions.removeOlderThan(id, now - interactionDays * msPerDay);
  }
  return { lists, predictions, interactions };
}
