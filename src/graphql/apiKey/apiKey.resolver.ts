import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import { ApiKeyCreateInput, checkApiKeyInput } from './apiKey.input';
import { ApiKeyType, toApiKeyView } from './apiKey.type';
import { newApiKey } from './apiKeySecret';

/** Result of creating an API key. */
@ObjectType({ simpleResolvers: true, description: 'Result of creating an API key.' })
class ApiKeyCreatePayload {
  @Field(() => ApiKeyType, {
    nullable: true,
    description: 'Description of the key. Null when the request was refused.',
  })
  readonly apiKey!: ApiKeyType | null;

  @Field(() => String, {
    nullable: true,
    description: 'The key itself. Save it now: it is never shown again. Null when the request was refused.',
  })
  readonly key!: string | null;

  @Field(() => [UserError], { description: 'Why the request was refused. Empty when it was not.' })
  readonly userErrors!: readonly UserError[];
}

/** Result of revoking an API key. */
@ObjectType({ simpleResolvers: true, description: 'Result of revoking an API key.' })
class ApiKeyRevokePayload {
  @Field(() => Boolean, { description: 'Whether the key was valid before and is revoked now.' })
  readonly revoked!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was revoked. Empty when the key was revoked.' })
  readonly userErrors!: readonly UserError[];
}

/** Resolvers of API keys. */
@Resolver()
export class ApiKeyResolver {
  @Query(() => [ApiKeyType], { description: 'All API keys of the shop, including revoked ones.' })
  async apiKeys(@Ctx() { services, principal }: GraphqlContext): Promise<readonly ApiKeyType[]> {
    return (await services.stores.apiKeys.listOf(principal.shopId)).map(toApiKeyView);
  }

  @Mutation(() => ApiKeyCreatePayload, { description: 'Creates an API key for a server.' })
  async apiKeyCreate(
    @Arg('input', () => ApiKeyCreateInput, { description: 'The key to create.' }) input: ApiKeyCreateInput,
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

  @Mutation(() => ApiKeyRevokePayload, { description: 'Revokes an API key with immediate effect.' })
  async apiKeyRevoke(
    @Arg('keyId', () => ID, { description: 'Id of the key.' }) keyId: string,
    @Ctx() { services, principal, now }: GraphqlContext,
  ): Promise<ApiKeyRevokePayload> {
    const revoked = await services.stores.apiKeys.revoke(principal.shopId, keyId, now);
    services.authenticator.forgetApiKey(keyId);
    if (revoked) return { revoked, userErrors: [] };
    const message = 'Expected the id of a valid key of this shop; got another id. `apiKeys` lists the keys.';
    return { revoked, userErrors: [{ field: ['keyId'], message, code: 'NOT_FOUND' }] };
  }
}
