import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { IdentityRefusal } from '../../domain/identity';
import { toUserId } from '../../domain/ids';
import { checkInputIds } from '../errors/checkInputIds';
import type { UserError } from '../errors/userError.type';
import { senderSpaceOf } from '../event/senderSpace';
import type { GraphqlContext } from '../request/context';
import { UserIdentifyInput } from './identity.input';
import { UserIdentifyPayload } from './identity.type';

const refusals: Readonly<Record<IdentityRefusal, readonly [field: string, message: string]>> = {
  SAME_USER: [
    'anonymousId',
    'Expected two different ids; got the same id twice. Send the id that the visitor had before signing in.',
  ],
  NOT_ANONYMOUS: [
    'anonymousId',
    'Expected the id of a visitor; got a deactivated user, or one that visitors were merged into. Nothing was merged. Check the order of the ids.',
  ],
  IDENTIFIED_AS_ANOTHER: [
    'anonymousId',
    'Expected a visitor who was not identified yet; got one who belongs to another shopper. Give each visitor a new id after signing out.',
  ],
  USER_DEACTIVATED: [
    'userId',
    'Expected an active shopper; got a deactivated one. Reactivate the shopper, or name another.',
  ],
};

function userErrorOf(refusal: IdentityRefusal): UserError {
  const [field, message] = refusals[refusal];
  return { field: ['input', field], message, code: refusal };
}

/** Resolvers of identities. */
@Resolver()
export class IdentityResolver {
  @Mutation(() => UserIdentifyPayload, {
    description:
      "Merges a visitor into the shopper who signed in: events, lists and consents become the shopper's, and an event that both sent counts once. A consent that either withdrew stays withdrawn. From then on the visitor's id is refused, and tokens with it. Repeating the call is safe.",
  })
  async userIdentify(
    @Arg('input', () => UserIdentifyInput, { description: 'The visitor and the shopper.' })
    input: UserIdentifyInput,
    @Ctx() { services, principal, now }: GraphqlContext,
  ): Promise<UserIdentifyPayload> {
    const problem = checkInputIds({ ...input });
    if (problem !== null) return { identity: null, userErrors: [problem] };
    const [anonymousId, userId] = [toUserId(input.anonymousId), toUserId(input.userId)];
    const spaces = { anonymousSpace: senderSpaceOf(anonymousId), userSpace: senderSpaceOf(userId) };
    const request = { anonymousId, userId, ...spaces, identifiedBy: principal.credentialId };
    const result = await services.stores.users.identify(principal.shopId, request, now);
    if (typeof result === 'string') return { identity: null, userErrors: [userErrorOf(result)] };
    services.authenticator.forgetUser(principal.shopId, anonymousId);
    return { identity: result, userErrors: [] };
  }
}
