import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { User } from '../../domain/user';
import type { GraphqlContext } from '../request/context';

/** Users by id: one read per tick of the event loop. Null for an unknown id. */
export function userByIdLoader({ services, principal }: GraphqlContext): DataLoader<UserId, User | null> {
  return new DataLoader<UserId, User | null>(
    async ids => {
      const users = await services.stores.users.findMany(principal.shopId, ids);
      return ids.map(id => users.get(id) ?? null);
    },
    { maxBatchSize: 1000 },
  );
}
