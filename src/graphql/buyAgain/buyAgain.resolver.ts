import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { UserId } from '../../domain/ids';
import type { DegradedReason } from '../../domain/recommendation';
import { CostWeight } from '../limits/costWeight';
import type { Connection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import { productByIdLoader } from '../product/product.loader';
import { forShopper, ProductType } from '../product/product.type';
import { degradedReasonEnum } from '../recommendation/recommendation.enums';
import type { GraphqlContext } from '../request/context';
import { dateTimeScalar } from '../scalars/dateTime';
import { UserType } from '../user/user.type';
import { Viewer } from '../viewer/viewer.type';
import { BuyAgainConnection, BuyAgainItem, type BuyAgainState, toBuyAgainConnection } from './buyAgain.type';

const description =
  'Products that the shopper bought and is expected to buy again, by probability within 7 days, descending. Products that they returned or disliked, and those that are not in the catalogue, are excluded. A tracked purchase counts immediately. Null when they could not be read; `errors` gives the reason.';

type BuyAgain = Connection<BuyAgainItem> & BuyAgainState;

async function readBuyAgain(
  userId: UserId | null,
  args: PageArgs,
  { services, principal: { shopId }, now }: GraphqlContext,
): Promise<BuyAgain> {
  const request = pageRequest('buyAgain', args);
  const answer = await services.recommender.buyAgain({ shopId, userId, now });
  return toBuyAgainConnection(answer, userId, request);
}

/** Resolver of what the viewer buys again. */
@Resolver(() => Viewer)
export class ViewerBuyAgainResolver {
  @CostWeight(10)
  @FieldResolver(() => BuyAgainConnection, { nullable: true, description })
  buyAgain(
    @Root() { userId }: Viewer,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<BuyAgain> {
    return readBuyAgain(userId, args, context);
  }
}

/** Resolver of what a shopper buys again, for staff. */
@Resolver(() => UserType)
export class UserBuyAgainResolver {
  @CostWeight(10)
  @FieldResolver(() => BuyAgainConnection, { nullable: true, description })
  buyAgain(
    @Root() { userId }: UserType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<BuyAgain> {
    return readBuyAgain(userId, args, context);
  }
}

/** Resolver of the connection's own fields. */
@Resolver(() => BuyAgainConnection)
export class BuyAgainConnectionResolver {
  @FieldResolver(() => degradedReasonEnum, {
    nullable: true,
    description: 'Why nothing is known. Null when the purchases could be used.',
  })
  degraded(@Root() { degraded }: BuyAgainState): DegradedReason | null {
    return degraded;
  }

  @FieldResolver(() => dateTimeScalar, {
    description:
      'When the probabilities and dates hold: now. Where the shop has had no event for 180 days, as in an imported archive, it is the time of its latest event.',
  })
  asOf(@Root() { asOf }: BuyAgainState): number {
    return asOf;
  }
}

/** Resolver of the product of a row. */
@Resolver(() => BuyAgainItem)
export class BuyAgainItemResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product. Null when the shop no longer has it.',
  })
  async product(
    @Root() { productId, shopperId }: BuyAgainItem,
    @Ctx() { loader, principal }: GraphqlContext,
  ): Promise<ProductType | null> {
    return forShopper(await loader(productByIdLoader).load(productId), shopperId, principal);
  }
}
