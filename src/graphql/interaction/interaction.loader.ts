import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { InteractionFilter } from '../../store/ports/interaction';
import type { Page, PageRequest } from '../../store/ports/page';
import type { LoaderScope } from '../loaderScope';

/** Whose interactions, and which page of them. */
export interface InteractionPageKey {
  readonly userId: UserId;
  readonly request: PageRequest;
  readonly filter: InteractionFilter;
}

/** Loads pages of interactions. */
export type InteractionPageLoader = DataLoader<InteractionPageKey, Page<Interaction>, string>;

/**
 * Pages of users' interactions. Each is a keyset read of its own (the store has no page over many users), asked for at
 * once; the same page under two aliases is read once.
 */
export function interactionsByUserIdLoader({ services, shopId }: LoaderScope): InteractionPageLoader {
  const { interactions } = services.stores;
  return new DataLoader<InteractionPageKey, Page<Interaction>, string>(
    keys =>
      Promise.all(
        keys.map(({ userId, request, filter }) => interactions.pageOfUser(shopId, userId, request, filter)),
      ),
    { cacheKeyFn: key => JSON.stringify(key), maxBatchSize: 100 },
  );
}
