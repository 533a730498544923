import { Ctx, Query, Resolver } from 'type-graphql';
import type { GraphqlContext } from '../request/context';
import { ShopType, toShopView } from './shop.type';

/** Resolvers of the caller's shop. */
@Resolver()
export class ShopResolver {
  @Query(() => ShopType, { description: 'Shop of the credential.' })
  async shop(@Ctx() context: GraphqlContext): Promise<ShopType> {
    return toShopView(await context.shop());
  }
}
