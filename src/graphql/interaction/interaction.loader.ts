import DataLoader from 'dataloader';
import type { UserId } from '../../domain/ids';
import type { Interaction } from '../../domain/interaction';
import type { InteractionFilter } from '../../store/ports/interaction';
import type { Page, PageRequest } from '../../store/ports/page';
import type { GraphqlContext } from '../request/context';

/** A page of one user's interactions. */
export interface InteractionPageKey {
  readonly userId: UserId;
  readonly request: PageRequest;
  readonly filter: InteractionFilter;
}

/**
 * Pages of interactions by user. Each page is a keyset read of its own (the store cannot page over many users), all
 * started at once. A page that is requested under two aliases is read once.
 */
export function interactionsByUserIdLoader({
  services,
  principal,
}: GraphqlContext): DataLoader<InteractionPageKey, Page<Interaction>, string> {
  const { interactions } = services.stores;
  return new DataLoader<InteractionPageKey, Page<Interaction>, string>(
    keys =>
      Promise.all(
        keys.map(({ userId, request, filter }) =>
          interactions.pageOfUser(principal.shopId, userId, request, filter),
        ),
      ),
    { cacheKeyFn: key => JSON.stringify(key), maxBatchSize: 100 },
  );
}
