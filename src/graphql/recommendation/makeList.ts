import type { RecommendationList } from '../../domain/recommendation';
import { staff } from '../access/access';
import { quotaKeyOf } from '../limits/hourlyQuota';
import type { GraphqlContext } from '../request/context';
import type { RecommendationService } from '../request/services';
import { type RecommendationListType, toRecommendationListView } from './recommendation.type';

/** Takes one list from the quota of a shopper, and returns whether there was one. Servers act for many shoppers and have no quota. */
function takeFromQuota({ principal, services, now }: GraphqlContext): boolean {
  if (principal.role !== 'SHOPPER') return true;
  return services.quotas.shopperLists.take(quotaKeyOf(principal), 1, now) === 1;
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
  const isStored = !isPreview && takeFromQuota(context);
  return { ...toRecommendationListView(list), isPreview, isStored, isNew: true };
}
