import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { toListId } from '../../domain/ids';
import { visibleList } from '../access/ownership';
import { CostWeight } from '../limits/costWeight';
import { parseGlobalId } from '../node/globalId';
import { type Connection, toConnection } from '../paging/connection';
import { maxPageSize, pageRequest } from '../paging/pageArgs';
import { productByIdLoader } from '../product/product.loader';
import { forShopper, ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import { makeList } from './makeList';
import { TogetherArgs, toTogetherRequest } from './recommendation.input';
import { recommendationListByIdLoader } from './recommendation.loader';
import {
  Recommendation,
  RecommendationConnection,
  RecommendationListType,
  toRecommendation,
  toRecommendationListView,
} from './recommendation.type';

/** Paging arguments of a list. */
@ArgsType()
class ItemsArgs {
  @Field(() => Int, {
    defaultValue: maxPageSize,
    description: 'Maximum number of rows, 1 to 100. If omitted, the whole list.',
  })
  readonly first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor to start after: `pageInfo.endCursor` of the previous page.',
  })
  readonly after?: string | null;
}

/** Resolvers of the fields of a list item. */
@Resolver(() => Recommendation)
export class RecommendationResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product. Null when the shop no longer has it.',
  })
  async product(
    @Root() { productId, shopperId }: Recommendation,
    @Ctx() { loader, principal }: GraphqlContext,
  ): Promise<ProductType | null> {
    return forShopper(await loader(productByIdLoader).load(productId), shopperId, principal);
  }
}

/** Resolvers of recommendation lists. */
@Resolver(() => RecommendationListType)
export class RecommendationListResolver {
  @Query(() => RecommendationListType, {
    nullable: true,
    description:
      'Returns a list that was served. Null when there is none with this id, or the caller may not see it.',
  })
  async recommendationList(
    @Arg('id', () => ID, { description: '`id` or `listId` of the list.' }) id: string,
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

  @CostWeight(25)
  @Query(() => RecommendationListType, {
    nullable: true,
    description:
      'Products that are bought together with the given ones, such as a cart, as a list that is stored for attribution. The list is not filled up with other products. Null when it could not be read; `errors` gives the reason.',
  })
  async frequentlyBoughtTogether(
    @Arg('productIds', () => [ID], {
      description: 'Ids of the products, 1 to 100. The list does not include them.',
    })
    productIds: readonly string[],
    @Args(() => TogetherArgs) args: TogetherArgs,
    @Ctx() context: GraphqlContext,
  ): Promise<RecommendationListType> {
    const request = toTogetherRequest(args, productIds, context);
    return makeList(context, recommender => recommender.together(request));
  }

  @FieldResolver(() => RecommendationConnection, {
    description:
      'Products of the list, best first. Cursors refer to this stored list, so pages do not shift.',
  })
  items(
    @Root() { list, isUnsaved }: RecommendationListType,
    @Args(() => ItemsArgs) args: ItemsArgs,
    @Ctx() { services }: GraphqlContext,
  ): Connection<Recommendation> {
    const { first, after } = pageRequest(`items:${list.id}`, args);
    if (isUnsaved) services.recommender.keep(list);
    const start = after?.at ?? 0;
    const rows = list.items.slice(start, start + first);
    return toConnection({
      kind: `items:${list.id}`,
      page: { rows, hasNext: start + rows.length < list.items.length },
      isFirstPage: start === 0,
      cursorOf: ({ rank, productId }) => ({ at: rank, id: productId }),
      nodeOf: item => toRecommendation(item, list.userId),
    });
  }

  @FieldResolver(() => ProductType, {
    nullable: true,
    description:
      'The product that the items are similar to or bought together with. Null for recommendations and carts.',
  })
  async sourceProduct(
    @Root() { list }: RecommendationListType,
    @Ctx() { loader, principal }: GraphqlContext,
  ): Promise<ProductType | null> {
    if (list.sourceProductId === null) return null;
    return forShopper(await loader(productByIdLoader).load(list.sourceProductId), list.userId, principal);
  }
}
