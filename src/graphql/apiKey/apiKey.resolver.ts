import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import { ApiKeyCreateInput, checkApiKeyInput } from './apiKey.input';
import { ApiKeyType, toApiKeyView } from './apiKey.type';
import { newApiKey } from './apiKeySecret';

/** A new key. */
@ObjectType({ simpleResolvers: true, description: 'A new key.' })
class ApiKeyCreatePayload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key, described; null when it was refused.' })
  readonly apiKey!: ApiKeyType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The key itself. Keep it now: it is never shown again.',
  })
  readonly key!: string | null;

  @Field(() => [UserError], { description: 'Why it was refused.' })
  readonly userErrors!: readonly UserError[];
}

/** A revoked key. */
@ObjectType({ simpleResolvers: true, description: 'What became of a wish to revoke a key.' })
class ApiKeyRevokePayload {
  @Field(() => Boolean, { description: 'Whether it was good before and is revoked now.' })
  readonly revoked!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was revoked.' })
  readonly userErrors!: readonly UserError[];
}

/** Keys for servers. */
@Resolver()
export class ApiKeyResolver {
  @Query(() => [ApiKeyType], { description: 'Every key of the shop, revoked ones included.' })
  async apiKeys(@Ctx() { services, principal }: GraphqlContext): Promise<readonly ApiKeyType[]> {
    return (await services.stores.apiKeys.listOf(principal.shopId)).map(toApiKeyView);
  }

  @Mutation(() => ApiKeyCreatePayload, { description: 'Makes a key for a server.' })
  async apiKeyCreate(
    @Arg('input', () => ApiKeyCreateInput, { description: 'The key to make.' }) input: ApiKeyCreateInput,
    @Ctx() { services, principal: { shopId }, now }: GraphqlContext,
  ): Promise<ApiKeyCreatePayload> {
    const problem = checkApiKeyInput(input, now);
    if (problem !== null) return { apiKey: null, key: null, userErrors: [problem] };
    const { id, key, secretHash } = newApiKey();
    const { role, expiresAt = null } = input;
    const times = { createdAt: now, expiresAt, revokedAt: null, lastUsedAt: null };
    const record = { shopId, id, label: input.label.trim(), role, secretHash, ...times };
    await services.stores.apiKeys.insert(record);
    return { apiKey: toApiKeyView(record), key, userErrors: [] };
  }

  @Mutation(() => ApiKeyRevokePayload, { description: 'Ends a key at once.' })
  async apiKeyRevoke(
    @Arg('keyId', () => ID, { description: 'Id of the key.' }) keyId: string,
    @Ctx() { services, principal, now }: GraphqlContext,
  ): Promise<ApiKeyRevokePayload> {
    const revoked = await services.stores.apiKeys.revoke(principal.shopId, keyId, now);
    services.authenticator.forgetApiKey(keyId);
    if (revoked) return { revoked, userErrors: [] };
    const message = 'Expected the id of a good key of this shop; apiKeys lists them.';
    return { revoked, userErrors: [{ field: ['keyId'], message, code: 'NOT_FOUND' }] };
  }
}
