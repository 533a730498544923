import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import { toProductId } from '../../domain/ids';
import type { ProductFilter } from '../../store/ports/product';
import type { GraphqlContext } from '../context';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import {
  SimilarArgs,
  TogetherArgs,
  toRecommendFilters,
  toSimilarRequest,
  toTogetherRequest,
} from '../recommendation/recommendation.input';
import { RecommendationListType, toRecommendationListView } from '../recommendation/recommendation.type';
import { ProductFilterInput } from './product.input';
import { ProductConnection, ProductType, productTextIn, toProductView } from './product.type';

function toProductFilter(input: ProductFilterInput | null | undefined): ProductFilter {
  const filter = toRecommendFilters(input);
  const text = input?.text;
  if (text == null || text === '') return filter;
  if (text.length <= 200) return { ...filter, text };
  throw new GatewayError('BAD_USER_INPUT', 'Expected `filter.text` of at most 200 characters.');
}

const localeDescription = 'BCP 47 tag of the wanted language; the default language when left out or unknown.';

/** The catalogue. */
@Resolver(() => ProductType)
export class ProductResolver {
  @Query(() => ProductType, {
    nullable: true,
    description: 'A product; null when the shop has none of this id.',
  })
  product(
    @Arg('productId', () => ID, { description: "The shop's own id." }) productId: string,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<ProductType | null> {
    return loaders.productById.load(toProductId(productId));
  }

  @Query(() => ProductConnection, { description: 'The catalogue, oldest first.' })
  async products(
    @Args(() => PageArgs) args: PageArgs,
    @Arg('filter', () => ProductFilterInput, { nullable: true, description: 'Which products.' })
    filter: ProductFilterInput | null | undefined,
    @Ctx() { services, principal, shop }: GraphqlContext,
  ): Promise<Connection<ProductType> & { isFiltered: boolean }> {
    const request = pageRequest('products', args);
    const page = await services.stores.products.page(principal.shopId, request, toProductFilter(filter));
    const { currency } = await shop();
    const connection = toConnection({
      kind: 'products',
      page,
      isFirstPage: request.after === undefined,
      cursorOf: ({ createdAt, id }) => ({ at: createdAt, id }),
      nodeOf: product => toProductView(product, currency),
    });
    return Object.assign(connection, { isFiltered: filter != null });
  }

  @FieldResolver(() => String, { nullable: true, description: 'Title in the wanted language.' })
  title(
    @Root() { product }: ProductType,
    @Arg('locale', () => String, { nullable: true, description: localeDescription })
    locale: string | null | undefined,
  ): string | null {
    return productTextIn(product, locale ?? null).title;
  }

  @FieldResolver(() => String, { nullable: true, description: 'Description in the wanted language.' })
  description(
    @Root() { product }: ProductType,
    @Arg('locale', () => String, { nullable: true, description: localeDescription })
    locale: string | null | undefined,
  ): string | null {
    return productTextIn(product, locale ?? null).description;
  }

  @FieldResolver(() => RecommendationListType, {
    description: 'Products like this one, as a list that is kept for attribution.',
  })
  async similar(
    @Root() { product }: ProductType,
    @Args(() => SimilarArgs) args: SimilarArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toSimilarRequest(args, product.id, context);
    return toRecommendationListView(await context.services.recommender.similar(request));
  }

  @FieldResolver(() => RecommendationListType, {
    description:
      'What is bought together with this one, as a list that is kept for attribution; nothing pads it. A phone brings its case, not the case the phone.',
  })
  async frequentlyBoughtTogether(
    @Root() { product }: ProductType,
    @Args(() => TogetherArgs) args: TogetherArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toTogetherRequest(args, [product.id], context);
    return toRecommendationListView(await context.services.recommender.together(request));
  }
}

/** What is counted only when asked for. */
@Resolver(() => ProductConnection)
export class ProductConnectionResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Products of the shop; null when a filter was given.',
  })
  totalCount(
    @Root() { isFiltered }: { isFiltered: boolean },
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<number> | null {
    return isFiltered ? null : services.stores.products.count(principal.shopId);
  }
}
