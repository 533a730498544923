import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { User } from '../../domain/user';
import type { LoaderScope } from '../loaderScope';

/** Users of the request, one read for all of a turn. */
export function userByIdLoader({ services, shopId }: LoaderScope): DataLoader<UserId, User | null> {
  return new DataLoader<UserId, User | null>(
    async ids => {
      const users = await services.stores.users.findMany(shopId, ids);
      return ids.map(id => users.get(id) ?? null);
    },
    { maxBatchSize: 1000 },
  );
}
