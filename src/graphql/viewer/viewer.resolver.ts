import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { actingUserId } from '../access/ownership';
import { CostWeight } from '../limits/costWeight';
import { RecommendationsArgs, toRecommendRequest } from '../recommendation/recommendation.input';
import { RecommendationListType, toRecommendationListView } from '../recommendation/recommendation.type';
import type { GraphqlContext } from '../request/context';
import { ShopType, toShopView } from '../shop/shop.type';
import { userByIdLoader } from '../user/user.loader';
import { toUserView, UserType } from '../user/user.type';
import { Viewer } from './viewer.type';

/** The shopper of the call. */
@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Whom the call is for.' })
  viewer(
    @Arg('userId', () => ID, {
      nullable: true,
      description:
        'The shopper a STOREFRONT (or ADMIN) acts for; left out, a visitor nobody knows. A SHOPPER is always themself.',
    })
    userId: string | null | undefined,
    @Ctx() { principal }: GraphqlContext,
  ): Viewer {
    return { role: principal.role, userId: actingUserId(principal, userId) };
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'What the shop knows of them; null when nothing (yet).',
  })
  async user(@Root() { userId }: Viewer, @Ctx() { loader }: GraphqlContext): Promise<UserType | null> {
    const user = userId === null ? null : await loader(userByIdLoader).load(userId);
    return user === null ? null : toUserView(user);
  }

  @FieldResolver(() => ShopType, { description: 'The shop they are in.' })
  async shop(@Ctx() context: GraphqlContext): Promise<ShopType> {
    return toShopView(await context.shop());
  }

  @CostWeight(10)
  @FieldResolver(() => RecommendationListType, {
    description: 'What to show them now, as a list that is kept for attribution.',
  })
  async recommendations(
    @Root() { userId }: Viewer,
    @Args(() => RecommendationsArgs) args: RecommendationsArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toRecommendRequest(args, userId, context);
    return toRecommendationListView(await context.services.recommender.recommend(request));
  }
}
