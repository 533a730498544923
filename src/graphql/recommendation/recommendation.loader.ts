import DataLoader from 'dataloader';
import type { ListId } from '../../domain/ids';
import type { RecommendationList } from '../../domain/recommendation';
import type { LoaderScope } from '../loaderScope';

/** Lists of the request, one read for all of a turn; also those that were shown but are not yet written. */
export function recommendationListByIdLoader({
  services,
  shopId,
}: LoaderScope): DataLoader<ListId, RecommendationList | null> {
  return new DataLoader<ListId, RecommendationList | null>(
    async ids => {
      const lists = await services.recommender.findList(shopId, ids);
      return ids.map(id => lists.get(id) ?? null);
    },
    { maxBatchSize: 1000 },
  );
}
