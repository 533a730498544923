import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { toListId } from '../../domain/ids';
import { visibleList } from '../access/ownership';
import { CostWeight } from '../limits/costWeight';
import { parseGlobalId } from '../node/globalId';
import type { Connection } from '../paging/connection';
import { maxPageSize } from '../paging/pageArgs';
import { productByIdLoader } from '../product/product.loader';
import { forShopper, ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import { continuedItemPage, itemPage, itemPageRequest } from './itemPage';
import { makeList } from './makeList';
import { TogetherArgs, toTogetherRequest } from './recommendation.input';
import { recommendationListByIdLoader } from './recommendation.loader';
import {
  Recommendation,
  RecommendationConnection,
  RecommendationListType,
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
      'Products that are likely to be bought together with the given ones, such as a cart, as a list that is stored for attribution. Items with a `togetherSource` were bought together with one of them. The other items were not: what is bought in their categories, and popular products, fill the list. Null when the list could not be made; `errors` gives the reason.',
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
      'Products of the list, best first. A cursor names its list, so pages do not shift: with `after`, the items are those of the list that the cursor belongs to, also when the query around it makes a new list.',
  })
  items(
    @Root() { list, isNew, isStored }: RecommendationListType,
    @Args(() => ItemsArgs) args: ItemsArgs,
    @Ctx() context: GraphqlContext,
  ): Connection<Recommendation> | Promise<Connection<Recommendation>> {
    const request = itemPageRequest(args);
    // The new list of a client that goes on with an earlier one is not shown, so it is not stored.
    if (isNew && request.cursorListId !== null) return continuedItemPage(list, isStored, request, context);
    if (isNew && isStored) context.services.recommender.keep(list);
    return itemPage(list, request);
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
