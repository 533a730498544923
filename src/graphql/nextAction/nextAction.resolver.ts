import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { CostWeight } from '../limits/costWeight';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import type { GraphqlContext } from '../request/context';
import { UserType } from '../user/user.type';
import {
  NextActionAnswerType,
  NextActionPredictionConnection,
  type NextActionPredictionType,
  toAnswerView,
  toPredictionView,
} from './nextAction.type';

/** Resolvers of the next action. */
@Resolver(() => UserType)
export class NextActionResolver {
  @CostWeight(5)
  @FieldResolver(() => NextActionAnswerType, {
    nullable: true,
    description:
      'Predicted next action after the latest event. A tracked event counts immediately. Null when it could not be predicted; `errors` gives the reason.',
  })
  async nextAction(
    @Root() { userId }: UserType,
    @Ctx() { services, principal, now }: GraphqlContext,
  ): Promise<NextActionAnswerType> {
    return toAnswerView(await services.nextActions.predict(principal.shopId, userId, now));
  }

  @CostWeight(5)
  @FieldResolver(() => NextActionPredictionConnection, {
    description: 'Stored predictions and their outcomes, newest first.',
  })
  async nextActionPredictions(
    @Root() { userId }: UserType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<Connection<NextActionPredictionType>> {
    const request = pageRequest('predictions', args);
    return toConnection({
      kind: 'predictions',
      page: await services.nextActions.kept(principal.shopId, userId, request),
      isFirstPage: request.after === undefined,
      cursorOf: ({ predictedAt, id }) => ({ at: predictedAt, id }),
      nodeOf: toPredictionView,
    });
  }
}
