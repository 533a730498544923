import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { GraphqlContext } from '../context';
import { ProductType } from '../product/product.type';
import { InteractionObject } from './interaction.type';

/** What hangs on an interaction. */
@Resolver(() => InteractionObject)
export class InteractionResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product; null for a search without one.',
  })
  product(
    @Root() { productId }: InteractionObject,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<ProductType | null> | null {
    return productId === null ? null : loaders.productById.load(productId);
  }
}
