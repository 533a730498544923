import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { checkUser } from '../../intake/user';
import { Rejected, type RejectedRows } from '../batch/batchRow';
import { UpsertPayload } from '../batch/upsert.type';
import { upsertRows } from '../batch/upsertRows';
import { mergedVisitors } from '../consent/mergedVisitor';
import type { GraphqlContext } from '../request/context';
import { type UserInput, UsersUpsertInput } from './user.input';

/** Converts a user to the form that intake validates. */
const toRaw = ({ userId, ...rest }: UserInput): unknown => ({ ...rest, id: userId });

/** Resolvers of writes of users. */
@Resolver()
export class UserUpsertResolver {
  @Mutation(() => UpsertPayload, {
    description:
      'Creates users, or updates fields of existing ones. Rows of visitors who were merged into shoppers are rejected.',
  })
  usersUpsert(
    @Arg('input', () => UsersUpsertInput, { description: 'The batch of users.' })
    { users, errorPolicy }: UsersUpsertInput,
    @Rejected('users') rejected: RejectedRows,
    @Ctx() context: GraphqlContext,
  ): Promise<UpsertPayload> {
    const { services, principal, now, forgetLocales } = context;
    const { shopId } = principal;
    return upsertRows({
      field: 'users',
      raw: users.map(toRaw),
      rejected,
      ids: users.map(({ userId }) => userId),
      idField: 'userId',
      errorPolicy,
      check: checkUser,
      context: { shopId, now },
      refuse: rows => mergedVisitors(rows, context),
      async keep(rows) {
        const kept = await services.stores.users.upsertMany(shopId, rows, now);
        forgetLocales();
        return kept;
      },
    });
  }
}
