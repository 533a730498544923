import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { User } from '../../domain/user';
import type { GraphqlContext } from '../request/context';
import { type Once, once } from '../request/once';

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

/** BCP 47 tag of the caller's language: the locale of a shopper that has one, otherwise the shop's default. */
export function viewerLocaleLoader({ principal, loader, shop }: GraphqlContext): Once<string> {
  return once(async () => {
    const user = principal.userId === null ? null : await loader(userByIdLoader).load(principal.userId);
    return user?.locale ?? (await shop()).defaultLocale;
  });
}
