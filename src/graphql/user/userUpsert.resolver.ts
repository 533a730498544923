import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { checkUser } from '../../intake/user';
import { UpsertPayload } from '../batch/upsert.type';
import { upsertRows } from '../batch/upsertRows';
import type { GraphqlContext } from '../request/context';
import { type UserInput, UsersUpsertInput } from './user.input';

/** The user in intake's words. */
const toRaw = ({ userId, ...rest }: UserInput): unknown => ({ ...rest, id: userId });

/** Writes users. */
@Resolver()
export class UserUpsertResolver {
  @Mutation(() => UpsertPayload, { description: 'Writes users: new ones, and new facts of known ones.' })
  usersUpsert(
    @Arg('input', () => UsersUpsertInput, { description: 'The users.' })
    { users, errorPolicy }: UsersUpsertInput,
    @Ctx() { services, principal: { shopId }, now }: GraphqlContext,
  ): Promise<UpsertPayload> {
    return upsertRows({
      field: 'users',
      raw: users.map(toRaw),
      ids: users.map(({ userId }) => userId),
      idField: 'userId',
      errorPolicy,
      check: checkUser,
      context: { shopId, now },
      keep: rows => services.stores.users.upsertMany(shopId, rows, now),
    });
  }
}
