import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { Subscription } from '../../domain/subscription';
import type { GraphqlContext } from '../request/context';

/** Subscriptions by user id: one read per tick of the event loop. Empty for a user without any. */
export function subscriptionsByUserIdLoader({
  services,
  principal,
}: GraphqlContext): DataLoader<UserId, readonly Subscription[]> {
  return new DataLoader(
    async ids => {
      const found = await services.stores.subscriptions.of(principal.shopId, ids);
      return ids.map(id => found.get(id) ?? []);
    },
    { maxBatchSize: 1000 },
  );
}
