import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { productByIdLoader } from '../product/product.loader';
import { ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import { InteractionObject } from './interaction.type';

/** Resolvers of the fields of an interaction. */
@Resolver(() => InteractionObject)
export class InteractionResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product. Null for a search without a product.',
  })
  product(
    @Root() { productId }: InteractionObject,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ProductType | null> | null {
    return productId === null ? null : loader(productByIdLoader).load(productId);
  }
}
