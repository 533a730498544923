import { Ctx, FieldResolver, Int, Query, Resolver } from 'type-graphql';
import type { GraphqlContext } from '../request/context';
import { ShopType, toShopView } from './shop.type';
import { ShopPolicyType, toShopPolicyView } from './shopPolicy.type';

/** Resolvers of the caller's shop. */
@Resolver(() => ShopType)
export class ShopResolver {
  @Query(() => ShopType, { description: "The caller's shop." })
  async shop(@Ctx() context: GraphqlContext): Promise<ShopType> {
    return toShopView(await context.shop());
  }

  @FieldResolver(() => ShopPolicyType, { description: 'Settings of the shop.' })
  async policy(@Ctx() { services, principal }: GraphqlContext): Promise<ShopPolicyType> {
    return toShopPolicyView(await services.recommender.policyOf(principal.shopId));
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Number of days that interactions are stored. Null stores them until the user is erased.',
  })
  async interactionRetentionDays(@Ctx() { services, principal }: GraphqlContext): Promise<number | null> {
    return (await services.recommender.policyOf(principal.shopId)).retention.interactionDays;
  }

  @FieldResolver(() => Int, {
    description: 'Number of days that recommendation lists are stored for attribution.',
  })
  async listRetentionDays(@Ctx() { services, principal }: GraphqlContext): Promise<number> {
    return (await services.recommender.policyOf(principal.shopId)).retention.listDays;
  }
}
