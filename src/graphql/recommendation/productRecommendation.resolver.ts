import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { CostWeight } from '../limits/costWeight';
import { ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import { makeList } from './makeList';
import { SimilarArgs, TogetherArgs, toSimilarRequest, toTogetherRequest } from './recommendation.input';
import { RecommendationListType } from './recommendation.type';

/** Resolvers of recommendations for one product. */
@Resolver(() => ProductType)
export class ProductRecommendationResolver {
  @CostWeight(25)
  @FieldResolver(() => RecommendationListType, {
    nullable: true,
    description:
      'Similar products, as a list that is stored for attribution. Null when the list could not be made; `errors` gives the reason.',
  })
  async similar(
    @Root() { product }: ProductType,
    @Args(() => SimilarArgs) args: SimilarArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toSimilarRequest(args, product.id, context);
    return makeList(context, recommender => recommender.similar(request));
  }

  @CostWeight(25)
  @FieldResolver(() => RecommendationListType, {
    nullable: true,
    description:
      'Products that are likely to be bought together with this one, as a list that is stored for attribution. Items with a `togetherSource` were bought together with it. The other items were not: what is bought in its category, and popular products, fill the list. The relation has a direction: a phone suggests its case, but the case does not suggest the phone. Null when the list could not be made; `errors` gives the reason.',
  })
  async frequentlyBoughtTogether(
    @Root() { product }: ProductType,
    @Args(() => TogetherArgs) args: TogetherArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toTogetherRequest(args, [product.id], context);
    return makeList(context, recommender => recommender.together(request));
  }
}
