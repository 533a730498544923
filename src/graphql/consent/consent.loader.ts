import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { Consent } from '../../domain/user';
import type { LoaderScope } from '../loaderScope';

/** Consents of the request's users, one read for all of a turn. */
export function consentsByUserIdLoader({
  services,
  shopId,
}: LoaderScope): DataLoader<UserId, readonly Consent[]> {
  return new DataLoader(
    async ids => {
      const consents = await services.stores.users.consentsOf(shopId, ids);
      return ids.map(id => consents.get(id) ?? []);
    },
    { maxBatchSize: 1000 },
  );
}
