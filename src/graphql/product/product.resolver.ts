import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { toProductId } from '../../domain/ids';
import type { Product } from '../../domain/product';
import type { Page, PageRequest } from '../../store/ports/page';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import type { GraphqlContext } from '../request/context';
import { ProductFilterInput, toProductFilter } from './product.input';
import { productByIdLoader } from './product.loader';
import { ProductConnection, ProductType, textsOf, toProductView } from './product.type';

const localeDescription =
  'BCP 47 tag of the language. If omitted, the language of the shopper, or the default language of the shop. Without a text in that language, the default text of the product.';

const toProductConnection = (page: Page<Product>, { after }: PageRequest, currency: string) =>
  toConnection({
    kind: 'products',
    page,
    isFirstPage: after === undefined,
    cursorOf: ({ createdAt, id }) => ({ at: createdAt, id }),
    nodeOf: product => toProductView(product, currency),
  });

/** Resolvers of products. */
@Resolver(() => ProductType)
export class ProductResolver {
  @Query(() => ProductType, {
    nullable: true,
    description: 'Returns a product. Null when the shop has none with this id.',
  })
  product(
    @Arg('productId', () => ID, { description: "Id in the shop's own system." }) productId: string,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ProductType | null> {
    return loader(productByIdLoader).load(toProductId(productId));
  }

  @Query(() => ProductConnection, {
    description:
      'Products of the shop, oldest first. Stubs are left out, unless `filter.isStub` asks for them.',
  })
  async products(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => ProductFilterInput, { nullable: true, description: 'Filter for the products.' })
    filter: ProductFilterInput | null | undefined,
    @Ctx() { services, principal, shop }: GraphqlContext,
  ): Promise<Connection<ProductType> & { isFiltered: boolean }> {
    const request = pageRequest('products', args);
    const { currency } = await shop();
    const wanted = toProductFilter(filter, currency, principal);
    const page = await services.stores.products.page(principal.shopId, request, wanted);
    const connection = toProductConnection(page, request, currency);
    return Object.assign(connection, { isFiltered: filter != null });
  }

  @FieldResolver(() => String, { nullable: true, description: 'Title in the requested language.' })
  title(
    @Root() product: ProductType,
    @Arg('locale', () => String, { nullable: true, description: localeDescription })
    locale: string | null | undefined,
    @Ctx() context: GraphqlContext,
  ): string | null | Promise<string | null> {
    const texts = textsOf(product, locale, context);
    return texts instanceof Promise ? texts.then(({ title }) => title) : texts.title;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Description in the requested language.' })
  description(
    @Root() product: ProductType,
    @Arg('locale', () => String, { nullable: true, description: localeDescription })
    locale: string | null | undefined,
    @Ctx() context: GraphqlContext,
  ): string | null | Promise<string | null> {
    const texts = textsOf(product, locale, context);
    return texts instanceof Promise ? texts.then(({ description }) => description) : texts.description;
  }
}

/** Resolvers of the connection of products. */
@Resolver(() => ProductConnection)
export class ProductConnectionResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Number of products of the shop, without stubs. Null when a filter was given.',
  })
  totalCount(
    @Root() { isFiltered }: { isFiltered: boolean },
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<number> | null {
    return isFiltered ? null : services.stores.products.count(principal.shopId, false);
  }
}
