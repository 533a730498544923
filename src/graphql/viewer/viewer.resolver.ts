import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { isRowId } from '../../intake/fields';
import { actingUserId } from '../access/ownership';
import { invalidArgument } from '../errors/invalidArgument';
import { CostWeight } from '../limits/costWeight';
import { makeList } from '../recommendation/makeList';
import { RecommendationsArgs, toRecommendRequest } from '../recommendation/recommendation.input';
import { RecommendationListType } from '../recommendation/recommendation.type';
import type { GraphqlContext } from '../request/context';
import { ShopType, toShopView } from '../shop/shop.type';
import { userByIdLoader } from '../user/user.loader';
import { toUserView, UserType } from '../user/user.type';
import { toViewer, Viewer } from './viewer.type';

const rowIdRule =
  'an id of 1 to 256 characters in NFC, without white space around it, or absent for an anonymous visitor';

/** Resolvers of the viewer. */
@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'The shopper that the call is for.' })
  viewer(
    @Arg('userId', () => ID, {
      nullable: true,
      description:
        'The shopper for whom a STOREFRONT or ADMIN acts. If they omit it, an anonymous visitor. A SHOPPER may omit it or name the user of the token. A MERCHANDISER must omit it.',
    })
    userId: string | null | undefined,
    @Ctx() { principal }: GraphqlContext,
  ): Viewer {
    const shopper = actingUserId(principal, userId);
    if (shopper !== null && !isRowId(shopper)) throw invalidArgument('userId', rowIdRule, 'another text');
    return toViewer(principal.role, shopper);
  }

  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'The user. Null for an anonymous visitor, or when the shop does not know the user yet.',
  })
  async user(@Root() { userId }: Viewer, @Ctx() { loader }: GraphqlContext): Promise<UserType | null> {
    const user = userId === null ? null : await loader(userByIdLoader).load(userId);
    return user === null ? null : toUserView(user);
  }

  @FieldResolver(() => ShopType, { description: "The caller's shop." })
  async shop(@Ctx() context: GraphqlContext): Promise<ShopType> {
    return toShopView(await context.shop());
  }

  @CostWeight(25)
  @FieldResolver(() => RecommendationListType, {
    nullable: true,
    description:
      'Recommendations for the shopper now, as a list that is stored for attribution. Null when the list could not be made; `errors` gives the reason.',
  })
  async recommendations(
    @Root() { userId }: Viewer,
    @Args(() => RecommendationsArgs) args: RecommendationsArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toRecommendRequest(args, userId, context);
    return makeList(context, recommender => recommender.recommend(request));
  }
}
