import type { GraphqlModule } from '../module/graphqlModule';
import { ProductRecommendationResolver } from './productRecommendation.resolver';
import { recommendationAccess } from './recommendation.access';
import { recommendationListNode } from './recommendation.node';
import { RecommendationListResolver, RecommendationResolver } from './recommendation.resolver';

export const recommendationModule: GraphqlModule = {
  access: recommendationAccess,
  resolvers: [ProductRecommendationResolver, RecommendationResolver, RecommendationListResolver],
  nodes: [recommendationListNode],
};
