import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { maxIdLength, type ProductId, toProductId, type UserId } from '../../domain/ids';
import type { RecommendRequest, SimilarRequest, TogetherRequest } from '../../serving/lists/request';
import { invalidArgument } from '../errors/invalidArgument';
import { checkFirst, defaultPageSize } from '../paging/pageArgs';
import { CatalogueFilterInput, toCatalogueFilter } from '../product/catalogueFilter.input';
import type { GraphqlContext } from '../request/context';

/** Filter for the products of a list. */
@InputType({
  description: 'Filter for the products of a list. Every product must meet every given condition.',
})
class RecommendationFilterInput extends CatalogueFilterInput {}

/** What the shopper is doing now. */
@InputType({ description: 'What the shopper is doing now, whether or not it was tracked.' })
export class RecommendationContextInput {
  @Field(() => [ID], {
    nullable: true,
    description:
      'Products in the cart, at most 100. Products that are bought together with them lead the list.',
  })
  readonly cartProductIds?: readonly string[] | null;

  @Field(() => ID, { nullable: true, description: 'Product that the shopper is viewing.' })
  readonly currentProductId?: string | null;
}

const placementDescription =
  'Placement in the shop, named by the shop, such as home or cart. Stored with the list.';

/** Arguments that all lists share. */
@ArgsType()
abstract class ListArgs {
  @Field(() => Int, { defaultValue: defaultPageSize, description: 'Maximum number of products, 1 to 100.' })
  readonly first!: number;

  @Field(() => RecommendationFilterInput, { nullable: true, description: 'Filter for the products.' })
  readonly filter?: RecommendationFilterInput | null;

  @Field(() => [ID], { nullable: true, description: 'Products to exclude, at most 1,000.' })
  readonly excludeProductIds?: readonly string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the model to use first; `modelReadiness` lists the models. If omitted, the gateway chooses.',
  })
  readonly strategy?: string | null;
}

/** Arguments of lists of similar products. */
@ArgsType()
export class SimilarArgs extends ListArgs {
  @Field(() => String, { defaultValue: 'product', description: placementDescription })
  readonly placement!: string;
}

/** Arguments of lists of products that are bought together. */
@ArgsType()
export class TogetherArgs extends ListArgs {
  @Field(() => String, { defaultValue: 'cart', description: placementDescription })
  readonly placement!: string;
}

/** Arguments of recommendations. */
@ArgsType()
export class RecommendationsArgs extends ListArgs {
  @Field(() => String, { defaultValue: 'home', description: placementDescription })
  readonly placement!: string;

  @Field(() => RecommendationContextInput, {
    nullable: true,
    description: 'What the shopper is doing now.',
  })
  readonly context?: RecommendationContextInput | null;
}

function checkIds(
  argument: string,
  ids: readonly string[] | null | undefined,
  maxCount: number,
): ProductId[] {
  if (ids === null || ids === undefined) return [];
  if (ids.length > maxCount) throw invalidArgument(argument, `at most ${maxCount} ids`, `${ids.length}`);
  const invalid = ids.find(id => id === '' || id.length > maxIdLength);
  if (invalid !== undefined) {
    throw invalidArgument(argument, `ids of 1 to ${maxIdLength} characters`, `one of ${invalid.length}`);
  }
  return ids.map(toProductId);
}

function checkStrategy(strategy: string | null | undefined, known: readonly string[]): { strategy?: string } {
  if (strategy === null || strategy === undefined) return {};
  if (!known.includes(strategy))
    throw invalidArgument('strategy', `one of ${known.join(', ')}`, 'another name');
  return { strategy };
}

function toCommon(
  args: SimilarArgs | TogetherArgs | RecommendationsArgs,
  { services, principal, now }: GraphqlContext,
) {
  if (args.placement.length < 1 || args.placement.length > 100)
    throw invalidArgument('placement', '1 to 100 characters', `${args.placement.length}`);
  return {
    shopId: principal.shopId,
    placement: args.placement,
    first: checkFirst(args.first),
    filters: toCatalogueFilter(args.filter),
    excludeProductIds: checkIds('excludeProductIds', args.excludeProductIds, 1000),
    ...checkStrategy(args.strategy, services.modelNames),
    now,
  };
}

/**
 * Converts arguments to a request for recommendations.
 *
 * @param userId - null for an anonymous visitor
 * @throws {GatewayError} BAD_USER_INPUT
 */
export function toRecommendRequest(
  args: RecommendationsArgs,
  userId: UserId | null,
  context: GraphqlContext,
): RecommendRequest {
  const current = args.context?.currentProductId;
  return {
    ...toCommon(args, context),
    userId,
    cartProductIds: checkIds('context.cartProductIds', args.context?.cartProductIds, 100),
    currentProductId: checkIds('context.currentProductId', current == null ? [] : [current], 1)[0] ?? null,
  };
}

/** Converts arguments to a request for similar products. @throws {GatewayError} BAD_USER_INPUT */
export function toSimilarRequest(
  args: SimilarArgs,
  productId: ProductId,
  context: GraphqlContext,
): SimilarRequest {
  return { ...toCommon(args, context), productId, userId: context.principal.userId };
}

/**
 * Converts arguments to a request for products that are bought together with a product or a cart.
 *
 * @param productIds - as the client sent them
 * @throws {GatewayError} BAD_USER_INPUT
 */
export function toTogetherRequest(
  args: TogetherArgs,
  productIds: readonly string[],
  context: GraphqlContext,
): TogetherRequest {
  if (productIds.length === 0) throw invalidArgument('productIds', 'at least one id', 'none');
  const ids = checkIds('productIds', productIds, 100);
  return { ...toCommon(args, context), productIds: ids, userId: context.principal.userId };
}
