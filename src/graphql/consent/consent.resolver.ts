import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { ConsentPurpose } from '../../domain/user';
import { actingUserId } from '../access/ownership';
import { checkInputIds } from '../errors/checkInputIds';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import { consentPurposeEnum } from './consent.enums';
import { consentsByUserIdLoader } from './consent.loader';
import { ConsentType } from './consent.type';
import { mergedVisitor, mergedVisitors } from './mergedVisitor';

/** Consent of a shopper for one purpose, or its withdrawal. */
@InputType({ description: 'Consent of a shopper for one purpose, or its withdrawal.' })
class ConsentUpdateInput {
  @Field(() => consentPurposeEnum, { description: 'Purpose of the consent.' })
  readonly purpose!: ConsentPurpose;

  @Field(() => Boolean, { description: 'Whether the shopper agreed.' })
  readonly granted!: boolean;

  @Field(() => ID, {
    nullable: true,
    description:
      'The shopper for whom a STOREFRONT or ADMIN acts: required for them. A SHOPPER may omit it or name the user of the token.',
  })
  readonly userId?: string | null;
}

/** Result of a consent update. */
@ObjectType({ simpleResolvers: true, description: 'Result of a consent update.' })
class ConsentUpdatePayload {
  @Field(() => [ConsentType], { description: 'All consents of the shopper after the update.' })
  readonly consents!: readonly ConsentType[];

  @Field(() => [UserError], { description: 'Why the consent was not stored. Empty when it was.' })
  readonly userErrors!: readonly UserError[];
}

const userRequired: ConsentUpdatePayload = {
  consents: [],
  userErrors: [
    {
      field: ['input', 'userId'],
      message:
        'Expected the id of a shopper; got none, neither in the input nor in the credential. Send `userId`.',
      code: 'USER_REQUIRED',
    },
  ],
};

const userMerged: ConsentUpdatePayload = {
  consents: [],
  userErrors: [{ field: ['input', 'userId'], message: mergedVisitor.message, code: 'USER_MERGED' }],
};

/** Resolvers of consent. */
@Resolver()
export class ConsentResolver {
  @Mutation(() => ConsentUpdatePayload, {
    description:
      'Stores the consent of a shopper for one purpose. A withdrawal of PERSONALIZATION takes effect from the next list on, and deletes the interests, predictions and lists of the shopper. A withdrawal of ANALYTICS takes effect at the next training.',
  })
  async consentUpdate(
    @Arg('input', () => ConsentUpdateInput, { description: 'The consent.' })
    { purpose, granted, userId }: ConsentUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ConsentUpdatePayload> {
    const { services, principal, loader, now } = context;
    const id = actingUserId(principal, userId);
    if (id === null || id === '') return userRequired;
    const problem = checkInputIds({ userId: id });
    if (problem !== null) return { consents: [], userErrors: [problem] };
    if ((await mergedVisitors([{ id }], context)).size > 0) return userMerged;
    const consents = [{ purpose, granted, source: `graphql:${principal.role.toLowerCase()}` }];
    await services.stores.users.upsertMany(principal.shopId, [{ id, consents }], now);
    return { consents: await loader(consentsByUserIdLoader).clear(id).load(id), userErrors: [] };
  }
}
