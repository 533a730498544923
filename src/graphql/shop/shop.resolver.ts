import { Ctx, Query, Resolver } from 'type-graphql';
import type { GraphqlContext } from '../request/context';
import { ShopType, toShopView } from './shop.type';

/** The caller's shop. */
@Resolver()
export class ShopResolver {
  @Query(() => ShopType, { description: 'The shop the caller belongs to.' })
  async shop(@Ctx() context: GraphqlContext): Promise<ShopType> {
    return toShopView(await context.shop());
  }
}
