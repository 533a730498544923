import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { Consent } from '../../domain/user';
import type { GraphqlContext } from '../request/context';

/** Consents by user id: one read per tick of the event loop. Empty for a user without any. */
export function consentsByUserIdLoader({
  services,
  principal,
}: GraphqlContext): DataLoader<UserId, readonly Consent[]> {
  return new DataLoader(
    async ids => {
      const consents = await services.stores.users.consentsOf(principal.shopId, ids);
      return ids.map(id => consents.get(id) ?? []);
    },
    { maxBatchSize: 1000 },
  );
}
