import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { CostWeight } from '../limits/costWeight';
import { ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import { SimilarArgs, TogetherArgs, toSimilarRequest, toTogetherRequest } from './recommendation.input';
import { RecommendationListType, toRecommendationListView } from './recommendation.type';

/** Recommendations for one product. */
@Resolver(() => ProductType)
export class ProductRecommendationResolver {
  @CostWeight(10)
  @FieldResolver(() => RecommendationListType, {
    description: 'Products like this one, as a list that is kept for attribution.',
  })
  async similar(
    @Root() { product }: ProductType,
    @Args(() => SimilarArgs) args: SimilarArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toSimilarRequest(args, product.id, context);
    return toRecommendationListView(await context.services.recommender.similar(request));
  }

  @CostWeight(10)
  @FieldResolver(() => RecommendationListType, {
    description:
      'What is bought together with this one, as a list that is kept for attribution; nothing pads it. A phone brings its case, not the case the phone.',
  })
  async frequentlyBoughtTogether(
    @Root() { product }: ProductType,
    @Args(() => TogetherArgs) args: TogetherArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toTogetherRequest(args, [product.id], context);
    return toRecommendationListView(await context.services.recommender.together(request));
  }
}
