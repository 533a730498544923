import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { type CampaignChannel, campaignChannels } from '../../domain/campaign';
import type { UserId } from '../../domain/ids';
import { toUserId } from '../../domain/ids';
import { isContactable, type SuppressionReason } from '../../domain/subscription';
import { actingUserId } from '../access/ownership';
import { campaignChannelEnum } from '../campaign/campaign.enums';
import { consentsByUserIdLoader } from '../consent/consent.loader';
import { mergedVisitor, mergedVisitors } from '../consent/mergedVisitor';
import { checkInputIds } from '../errors/checkInputIds';
import { UserError } from '../errors/userError.type';
import { CostWeight } from '../limits/costWeight';
import type { GraphqlContext } from '../request/context';
import { UserType } from '../user/user.type';
import { suppressionReasonEnum } from './subscription.enums';
import { subscriptionsByUserIdLoader } from './subscription.loader';
import { SubscriptionType } from './subscription.type';

/** Choice of a shopper for one channel. */
@InputType({ description: 'Choice of a shopper for MARKETING over one channel.' })
class SubscriptionUpdateInput {
  @Field(() => campaignChannelEnum, { description: 'The channel.' })
  readonly channel!: CampaignChannel;

  @Field(() => Boolean, { description: 'Whether the shopper wants to be contacted over it.' })
  readonly isSubscribed!: boolean;

  @Field(() => ID, {
    nullable: true,
    description:
      'The shopper for whom a STOREFRONT or ADMIN acts: required for them. A SHOPPER may omit it or name the user of the token.',
  })
  readonly userId?: string | null;
}

/** Report of a channel. */
@InputType({ description: 'Report of a channel about a shopper.' })
class SuppressionUpdateInput {
  @Field(() => ID, { description: 'The shopper.' })
  readonly userId!: string;

  @Field(() => campaignChannelEnum, { description: 'The channel.' })
  readonly channel!: CampaignChannel;

  @Field(() => suppressionReasonEnum, {
    nullable: true,
    description:
      'What the channel reported. Null when the shopper may be contacted again, such as at a new address.',
  })
  readonly suppression?: SuppressionReason | null;
}

/** Result of a choice. */
@ObjectType({ simpleResolvers: true, description: 'Result of a choice for one channel.' })
class SubscriptionUpdatePayload {
  @Field(() => [SubscriptionType], { description: 'All channels after the choice.' })
  readonly subscriptions!: readonly SubscriptionType[];

  @Field(() => [UserError], { description: 'Why nothing was stored. Empty when the choice was.' })
  readonly userErrors!: readonly UserError[];
}

/** Result of a report. */
@ObjectType({ simpleResolvers: true, description: 'Result of a report of a channel.' })
class SuppressionUpdatePayload {
  @Field(() => Boolean, { description: 'Whether the report was stored.' })
  readonly suppressed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was stored. Empty when the report was.' })
  readonly userErrors!: readonly UserError[];
}

const userRequired: UserError = {
  field: ['input', 'userId'],
  message:
    'Expected the id of a shopper; got none, neither in the input nor in the credential. Send `userId`.',
  code: 'USER_REQUIRED',
};

/** Returns why nothing may be written for a user; null when it may. */
async function refusalFor(userId: UserId | null, context: GraphqlContext): Promise<UserError | null> {
  if (userId === null || userId === '') return userRequired;
  const problem = checkInputIds({ userId });
  if (problem !== null) return problem;
  if ((await mergedVisitors([{ id: userId }], context)).size === 0) return null;
  return { field: ['input', 'userId'], message: mergedVisitor.message, code: 'USER_MERGED' };
}

/** Returns all channels of a shopper, those without a choice too. */
async function subscriptionsOf(
  userId: UserId,
  { loader }: GraphqlContext,
): Promise<readonly SubscriptionType[]> {
  const [known, consents] = await Promise.all([
    loader(subscriptionsByUserIdLoader).load(userId),
    loader(consentsByUserIdLoader).load(userId),
  ]);
  const marketing = consents.find(({ purpose }) => purpose === 'MARKETING')?.granted ?? null;
  const unset = { isSubscribed: null, source: null, suppression: null, suppressedAt: null };
  return campaignChannels.map(channel => {
    const own = known.find(subscription => subscription.channel === channel);
    return { ...unset, ...own, userId, channel, isContactable: isContactable(marketing, own) };
  });
}

/** Resolvers of choices and reports. */
@Resolver()
export class SubscriptionResolver {
  @Mutation(() => SubscriptionUpdatePayload, {
    description:
      'Stores the choice of a shopper for MARKETING over one channel. A withdrawn consent for MARKETING ends all channels whatever was chosen.',
  })
  async subscriptionUpdate(
    @Arg('input', () => SubscriptionUpdateInput, { description: 'The choice.' })
    { channel, isSubscribed, userId: named }: SubscriptionUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<SubscriptionUpdatePayload> {
    const { services, principal, loader, now } = context;
    const userId = actingUserId(principal, named);
    const refusal = await refusalFor(userId, context);
    if (refusal !== null || userId === null)
      return { subscriptions: [], userErrors: refusal ? [refusal] : [] };
    const choice = { isSubscribed, source: `graphql:${principal.role.toLowerCase()}` };
    await services.stores.subscriptions.choose({ shopId: principal.shopId, userId, channel }, choice, now);
    loader(subscriptionsByUserIdLoader).clear(userId);
    return { subscriptions: await subscriptionsOf(userId, context), userErrors: [] };
  }

  @Mutation(() => SuppressionUpdatePayload, {
    description:
      'Stores that a channel reported a bounce or a complaint: campaigns do not contact the shopper over it any more.',
  })
  async suppressionUpdate(
    @Arg('input', () => SuppressionUpdateInput, { description: 'The report.' })
    { userId: named, channel, suppression = null }: SuppressionUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<SuppressionUpdatePayload> {
    const userId = toUserId(named);
    const refusal = await refusalFor(userId, context);
    if (refusal !== null) return { suppressed: false, userErrors: [refusal] };
    const { services, principal, now } = context;
    await services.stores.subscriptions.suppress(
      { shopId: principal.shopId, userId, channel },
      suppression,
      now,
    );
    return { suppressed: true, userErrors: [] };
  }
}

/** Resolver of the subscriptions of a user. */
@Resolver(() => UserType)
export class UserSubscriptionResolver {
  @FieldResolver(() => [SubscriptionType], {
    description: 'What holds for MARKETING, one entry per channel.',
  })
  subscriptions(
    @Root() { userId }: UserType,
    @Ctx() context: GraphqlContext,
  ): Promise<readonly SubscriptionType[]> {
    return subscriptionsOf(userId, context);
  }
}

/** Resolver of the address that ends a subscription. */
@Resolver(() => SubscriptionType)
export class SubscriptionFieldResolver {
  @CostWeight(5)
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Path that ends the subscription without signing in (RFC 8058): put the public address of the gateway before it, and send it in `List-Unsubscribe`. Null when no secret is configured.',
  })
  async unsubscribePath(
    @Root() { userId, channel }: SubscriptionType,
    @Ctx() { services, principal, now }: GraphqlContext,
  ): Promise<string | null> {
    const key = { shopId: principal.shopId, userId, channel };
    return services.unsubscribePathOf(await services.stores.subscriptions.linkOf(key, services.newId(), now));
  }
}
