import type { RecommendationList } from '../../domain/recommendation';
import { staff } from '../access/access';
import type { GraphqlContext } from '../request/context';
import type { RecommendationService } from '../request/services';
import { type RecommendationListType, toRecommendationListView } from './recommendation.type';

/** Returns whether one more list of this caller may be stored. Servers act for many shoppers and have no limit. */
function takesPlace({ principal: { role, shopId, userId }, services, now }: GraphqlContext): boolean {
  if (role !== 'SHOPPER') return true;
  return services.quotas.shopperLists.take(JSON.stringify([shopId, userId]), 1, now) === 1;
}

/**
 * Makes a list for the caller. It is stored when its items are selected (`RecommendationList.items`), because a list that
 * nobody sees has no outcome. Lists for staff are previews and are never stored.
 *
 * @throws {GatewayError} what `make` throws
 */
export async function makeList(
  context: GraphqlContext,
  make: (recommender: RecommendationService) => Promise<RecommendationList>,
): Promise<RecommendationListType> {
  const list = await make(context.services.recommender);
  const isPreview = staff.includes(context.principal.role);
  const isStored = !isPreview && takesPlace(context);
  return { ...toRecommendationListView(list), isPreview, isStored, isNew: true, isUnsaved: isStored };
}
