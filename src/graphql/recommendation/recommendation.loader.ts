import DataLoader from 'dataloader';
import type { ListId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import type { GraphqlContext } from '../request/context';

/** Lists by id: one read per tick of the event loop. It also finds lists that were served but are not yet written. */
export function recommendationListByIdLoader({
  services,
  principal,
}: GraphqlContext): DataLoader<ListId, RecommendationList | null> {
  return new DataLoader<ListId, RecommendationList | null>(
    async ids => {
      const lists = await services.recommender.findLists(principal.shopId, ids);
      return ids.map(id => lists.get(id) ?? null);
    },
    { maxBatchSize: 1000 },
  );
}
