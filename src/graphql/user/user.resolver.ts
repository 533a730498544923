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
import { RecommendationsArgs, toRecommendRequest } from '../recommendation/recommendation.input';
import {
  RecommendationListConnection,
  RecommendationListType,
  toRecommendationListView,
} from '../recommendation/recommendation.type';
import type { GraphqlContext } from '../request/context';
import { userByIdLoader } from './user.loader';
import { toUserView, UserConnection, UserType } from './user.type';

/** Shoppers. */
@Resolver(() => UserType)
export class UserResolver {
  @Query(() => UserType, {
    nullable: true,
    description: 'A shopper; null when there is none of this id (or it is not yours to see).',
  })
  async user(
    @Arg('userId', () => ID, { description: "The shop's own id." }) userId: string,
    @Ctx() { loader, principal }: GraphqlContext,
  ): Promise<UserType | null> {
    const user = visibleUser(principal, await loader(userByIdLoader).load(toUserId(userId)));
    return user === null ? null : toUserView(user);
  }

  @Query(() => UserConnection, { description: "The shop's users, oldest first." })
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

  @FieldResolver(() => [ConsentType], { description: 'Their answers so far, one a purpose.' })
  consents(@Root() { userId }: UserType, @Ctx() { loader }: GraphqlContext): Promise<readonly Consent[]> {
    return loader(consentsByUserIdLoader).load(userId);
  }

  @CostWeight(5)
  @FieldResolver(() => InteractionConnection, { description: 'What they did, newest first.' })
  async interactions(
    @Root() { userId }: UserType,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => InteractionFilterInput, { nullable: true, description: 'Which interactions.' })
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

  @CostWeight(10)
  @FieldResolver(() => RecommendationListType, {
    description: 'What they would be shown now, as a list that is kept for attribution.',
  })
  async recommendations(
    @Root() { userId }: UserType,
    @Args(() => RecommendationsArgs) args: RecommendationsArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toRecommendRequest(args, userId, context);
    return toRecommendationListView(await context.services.recommender.recommend(request));
  }

  @CostWeight(5)
  @FieldResolver(() => RecommendationListConnection, { description: 'Lists they were shown, newest first.' })
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

/** What is counted only when asked for. */
@Resolver(() => UserConnection)
export class UserConnectionResolver {
  @FieldResolver(() => Int, { description: 'Users of the shop.' })
  totalCount(@Ctx() { services, principal }: GraphqlContext): Promise<number> {
    return services.stores.users.count(principal.shopId);
  }
}
