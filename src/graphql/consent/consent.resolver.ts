import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { maxIdLength } from '../../domain/ids';
import type { ConsentPurpose } from '../../domain/user';
import { actingUserId } from '../access/ownership';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import { consentPurposeEnum } from './consent.enums';
import { consentsByUserIdLoader } from './consent.loader';
import { ConsentType } from './consent.type';

/** A shopper's answer. */
@InputType({ description: "A shopper's answer for one purpose." })
class ConsentUpdateInput {
  @Field(() => consentPurposeEnum, { description: 'What was asked.' })
  readonly purpose!: ConsentPurpose;

  @Field(() => Boolean, { description: 'The answer.' })
  readonly granted!: boolean;

  @Field(() => ID, {
    nullable: true,
    description: 'The shopper a STOREFRONT (or ADMIN) acts for. A SHOPPER is always themself.',
  })
  readonly userId?: string | null;
}

/** What became of an answer. */
@ObjectType({ simpleResolvers: true, description: 'What became of an answer.' })
class ConsentUpdatePayload {
  @Field(() => [ConsentType], { description: 'All answers of the shopper as they now stand.' })
  readonly consents!: readonly ConsentType[];

  @Field(() => [UserError], { description: 'Why it was not kept.' })
  readonly userErrors!: readonly UserError[];
}

const userRequired: ConsentUpdatePayload = {
  consents: [],
  userErrors: [
    {
      field: ['input', 'userId'],
      message: `Expected the shopper's id, 1 to ${maxIdLength} characters, as this credential names none. Give userId.`,
      code: 'USER_REQUIRED',
    },
  ],
};

/** Consent. */
@Resolver()
export class ConsentResolver {
  @Mutation(() => ConsentUpdatePayload, {
    description: "Keeps a shopper's answer. Withdrawn personalisation counts from the next list on.",
  })
  async consentUpdate(
    @Arg('input', () => ConsentUpdateInput, { description: 'The answer.' })
    { purpose, granted, userId }: ConsentUpdateInput,
    @Ctx() { services, principal, loader, now }: GraphqlContext,
  ): Promise<ConsentUpdatePayload> {
    const id = actingUserId(principal, userId);
    if (id === null || id === '' || id.length > maxIdLength) return userRequired;
    const consents = [{ purpose, granted, source: `graphql:${principal.role.toLowerCase()}` }];
    await services.stores.users.upsertMany(principal.shopId, [{ id, consents }], now);
    return { consents: await loader(consentsByUserIdLoader).clear(id).load(id), userErrors: [] };
  }
}
