import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { toListId } from '../../domain/ids';
import { visibleList } from '../access/ownership';
import { CostWeight } from '../limits/costWeight';
import { parseGlobalId } from '../node/globalId';
import { type Connection, toConnection } from '../paging/connection';
import { maxPageSize, pageRequest } from '../paging/pageArgs';
import { productByIdLoader } from '../product/product.loader';
import { ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import { TogetherArgs, toTogetherRequest } from './recommendation.input';
import { recommendationListByIdLoader } from './recommendation.loader';
import {
  Recommendation,
  RecommendationConnection,
  RecommendationListType,
  toRecommendation,
  toRecommendationListView,
} from './recommendation.type';

/** How to page through a list. */
@ArgsType()
class ItemsArgs {
  @Field(() => Int, {
    defaultValue: maxPageSize,
    description: 'How many rows, 1 to 100; the whole list when left out.',
  })
  readonly first!: number;

  @Field(() => String, { nullable: true, description: 'Start after this cursor.' })
  readonly after?: string | null;
}

/** One item's product. */
@Resolver(() => Recommendation)
export class RecommendationResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product; null when the shop has no such product any more.',
  })
  product(
    @Root() { productId }: Recommendation,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ProductType | null> {
    return loader(productByIdLoader).load(productId);
  }
}

/** Lists that were shown, and what hangs on them. */
@Resolver(() => RecommendationListType)
export class RecommendationListResolver {
  @Query(() => RecommendationListType, {
    nullable: true,
    description: 'A list that was shown; null when there is none of this id (or it is not yours to see).',
  })
  async recommendationList(
    @Arg('id', () => ID, { description: 'Its `id` or `listId`.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType | null> {
    const globalId = parseGlobalId(id);
    const listId = toListId(globalId?.kind === 'RecommendationList' ? globalId.id : id);
    const list = visibleList(
      context.principal,
      await context.loader(recommendationListByIdLoader).load(listId),
    );
    return list === null ? null : toRecommendationListView(list);
  }

  @CostWeight(10)
  @Query(() => RecommendationListType, {
    description:
      'What is bought together with some products: the cart. A list that is kept for attribution; nothing pads it.',
  })
  async frequentlyBoughtTogether(
    @Arg('productIds', () => [ID], { description: 'The products, 1 to 100; none of them is listed.' })
    productIds: readonly string[],
    @Args(() => TogetherArgs) args: TogetherArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toTogetherRequest(args, productIds, context);
    return toRecommendationListView(await context.services.recommender.together(request));
  }

  @FieldResolver(() => RecommendationConnection, {
    description: 'The products, best first. Cursors hold on to this very list: no drift between pages.',
  })
  items(
    @Root() { list }: RecommendationListType,
    @Args(() => ItemsArgs) args: ItemsArgs,
  ): Connection<Recommendation> {
    const { first, after } = pageRequest(`items:${list.id}`, args);
    const start = after?.at ?? 0;
    const rows = list.items.slice(start, start + first);
    return toConnection({
      kind: `items:${list.id}`,
      page: { rows, hasNext: start + rows.length < list.items.length },
      isFirstPage: start === 0,
      cursorOf: ({ rank, productId }) => ({ at: rank, id: productId }),
      nodeOf: toRecommendation,
    });
  }

  @FieldResolver(() => ProductType, {
    nullable: true,
    description:
      'The product that the others are similar to, or bought together with; null for recommendations and carts.',
  })
  sourceProduct(
    @Root() { list }: RecommendationListType,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ProductType | null> | null {
    return list.sourceProductId === null ? null : loader(productByIdLoader).load(list.sourceProductId);
  }
}
