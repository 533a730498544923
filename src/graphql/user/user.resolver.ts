import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { toUserId } from '../../domain/ids';
import type { Consent } from '../../domain/user';
import { visibleUser } from '../access/ownership';
import { consentsByUserIdLoader } from '../consent/consent.loader';
import { ConsentType } from '../consent/consent.type';
import { InteractionFilterInput, toInteractionFilter } from '../interaction/interaction.input';
import { interactionsByUserIdLoader } from '../interaction/interaction.loader';
import {
  InteractionConnection,
  type InteractionObject,
  toInteractionView,
} from '../interaction/interaction.type';
import { CostWeight } from '../limits/costWeight';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import { makeList } from '../recommendation/makeList';
import { RecommendationsArgs, toRecommendRequest } from '../recommendation/recommendation.input';
import {
  RecommendationListConnection,
  RecommendationListType,
  toRecommendationListView,
} from '../recommendation/recommendation.type';
import type { GraphqlContext } from '../request/context';
import { userByIdLoader } from './user.loader';
import { toUserView, UserConnection, UserType } from './user.type';

/** Resolvers of users. */
@Resolver(() => UserType)
export class UserResolver {
  @Query(() => UserType, {
    nullable: true,
    description: 'Returns a shopper. Null when there is none with this id, or the caller may not see them.',
  })
  async user(
    @Arg('userId', () => ID, { description: "Id in the shop's own system." }) userId: string,
    @Ctx() { loader, principal }: GraphqlContext,
  ): Promise<UserType | null> {
    const user = visibleUser(principal, await loader(userByIdLoader).load(toUserId(userId)));
    return user === null ? null : toUserView(user);
  }

  @Query(() => UserConnection, { description: 'Users of the shop, oldest first.' })
  async users(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<Connection<UserType>> {
    const request = pageRequest('users', args);
    return toConnection({
      kind: 'users',
      page: await services.stores.users.page(principal.shopId, request),
      isFirstPage: request.after === undefined,
      cursorOf: ({ createdAt, id }) => ({ at: createdAt, id }),
      nodeOf: toUserView,
    });
  }

  @FieldResolver(() => [ConsentType], { description: 'Latest consents, one per purpose.' })
  consents(@Root() { userId }: UserType, @Ctx() { loader }: GraphqlContext): Promise<readonly Consent[]> {
    return loader(consentsByUserIdLoader).load(userId);
  }

  @CostWeight(5)
  @FieldResolver(() => InteractionConnection, { description: 'Events of the shopper, newest first.' })
  async interactions(
    @Root() { userId }: UserType,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => InteractionFilterInput, {
      nullable: true,
      description: 'Filter for the interactions.',
    })
    filter: InteractionFilterInput | null | undefined,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<Connection<InteractionObject>> {
    const request = pageRequest('interactions', args);
    const key = { userId, request, filter: toInteractionFilter(filter) };
    return toConnection({
      kind: 'interactions',
      page: await loader(interactionsByUserIdLoader).load(key),
      isFirstPage: request.after === undefined,
      cursorOf: ({ occurredAt, id }) => ({ at: occurredAt, id }),
      nodeOf: toInteractionView,
    });
  }

  @CostWeight(25)
  @FieldResolver(() => RecommendationListType, {
    nullable: true,
    description:
      'Recommendations for the shopper now, as a list that is stored for attribution. Null when the list could not be made; `errors` gives the reason.',
  })
  async recommendations(
    @Root() { userId }: UserType,
    @Args(() => RecommendationsArgs) args: RecommendationsArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toRecommendRequest(args, userId, context);
    return makeList(context, recommender => recommender.recommend(request));
  }

  @CostWeight(5)
  @FieldResolver(() => RecommendationListConnection, {
    description: 'Lists that were served to the shopper, newest first.',
  })
  async recommendationLists(
    @Root() { userId }: UserType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<Connection<RecommendationListType>> {
    const request = pageRequest('lists', args);
    return toConnection({
      kind: 'lists',
      page: await services.stores.recommendations.pageOfUser(principal.shopId, userId, request),
      isFirstPage: request.after === undefined,
      cursorOf: ({ createdAt, id }) => ({ at: createdAt, id }),
      nodeOf: toRecommendationListView,
    });
  }
}

/** Resolvers of the connection of users. */
@Resolver(() => UserConnection)
export class UserConnectionResolver {
  @FieldResolver(() => Int, { description: 'Number of users of the shop.' })
  totalCount(@Ctx() { services, principal }: GraphqlContext): Promise<number> {
    return services.stores.users.count(principal.shopId);
  }
}
