import { Arg, Args, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { InterestedUser, InterestProduct, InterestTagRecord } from '../../domain/interest';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import { weightUnits } from '../../store/ports/interest';
import { CostWeight } from '../limits/costWeight';
import { type Connection, toConnection } from '../paging/connection';
import { checkFirst } from '../paging/pageArgs';
import { productByIdLoader } from '../product/product.loader';
import { ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import { userByIdLoader } from '../user/user.loader';
import { toUserView, UserType } from '../user/user.type';
import {
  audienceMinWeight,
  checkMinWeight,
  InterestTagsArgs,
  pageOfTags,
  TagWeightArgs,
  weightRequest,
} from './interestTag.input';
import {
  audienceSizeByTagLoader,
  interestTreeLoader,
  productsByTagLoader,
  usersByTagLoader,
} from './interestTag.loader';
import {
  InterestTagConnection,
  InterestTagProduct,
  InterestTagProductConnection,
  InterestTagType,
  InterestTagUser,
  InterestTagUserConnection,
  nameIn,
  RelatedInterestTag,
  toInterestTagView,
} from './interestTag.type';

/** Roles that may not list shoppers see smaller audiences as null. */
const minReportedAudience = 5;

const isStaff = ({ principal }: GraphqlContext): boolean =>
  principal.role === 'MERCHANDISER' || principal.role === 'ADMIN';

/** Returns the tag, or null. For all but staff, a hidden or inactive tag is indistinguishable from a missing one. */
const visibleTag = (
  tag: InterestTagRecord | undefined,
  tree: InterestTree,
  context: GraphqlContext,
): InterestTagType | null =>
  tag !== undefined && (tree.isListed(tag) || isStaff(context)) ? toInterestTagView(tag, tree) : null;

/** Returns a tag by its id, or by an id that was merged into it. Null when there is none or it is not visible. */
export async function readTag(tagId: string, context: GraphqlContext): Promise<InterestTagType | null> {
  const tree = await context.loader(interestTreeLoader).load();
  return visibleTag(tree.find(tagId), tree, context);
}

const cursorOf = (id: string, weight: number) => ({ at: Math.round(weight * weightUnits), id });

/** Resolvers of interest tags. */
@Resolver(() => InterestTagType)
export class InterestTagResolver {
  @Query(() => InterestTagType, {
    nullable: true,
    description:
      'Returns a tag, or the tag that it was merged into. Null when there is none, or it is hidden.',
  })
  interestTag(
    @Arg('tagId', () => ID, { description: '`tagId` of the tag.' }) tagId: string,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagType | null> {
    return readTag(tagId, context);
  }

  @CostWeight(5)
  @Query(() => InterestTagConnection, {
    description: 'Interest tags of the shop: pinned tags first, then tags with more products.',
  })
  async interestTags(
    @Args(() => InterestTagsArgs) args: InterestTagsArgs,
    @Ctx() { loader, principal }: GraphqlContext,
  ): Promise<Connection<InterestTagType>> {
    const tree = await loader(interestTreeLoader).load();
    return toConnection({
      kind: 'interestTags',
      page: pageOfTags(tree, args, principal),
      isFirstPage: args.after == null,
      cursorOf: ({ at, id }) => ({ at, id }),
      nodeOf: ({ tag }) => toInterestTagView(tag, tree),
    });
  }

  @FieldResolver(() => String, {
    description: 'Name in the requested language. If there is none, the name in another language.',
  })
  async name(
    @Root() { tag, locale: tagLocale }: InterestTagType,
    @Arg('locale', () => String, {
      nullable: true,
      description:
        'BCP 47 tag of the language. If omitted, the language of the shopper, or the default language of the shop.',
    })
    locale: string | null | undefined,
    @Ctx() { localeOf, principal }: GraphqlContext,
  ): Promise<string> {
    return nameIn(tag, locale ?? tagLocale ?? (await localeOf(principal.userId)));
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Number of interested shoppers. Null when there are fewer than 5, except for staff.',
  })
  async audienceSize(
    @Root() { tagId }: InterestTagType,
    @Arg('minWeight', () => Float, {
      nullable: true,
      description: 'Count only shoppers with at least this weight, 0 to 1. If omitted, 0.1.',
    })
    minWeight: number | null | undefined,
    @Ctx() context: GraphqlContext,
  ): Promise<number | null> {
    const request = checkMinWeight(minWeight, audienceMinWeight);
    const size = await context.loader(audienceSizeByTagLoader).load({ tagId, request });
    return size >= minReportedAudience || isStaff(context) ? size : null;
  }

  @FieldResolver(() => InterestTagType, {
    nullable: true,
    description: 'Parent tag. Null for a top-level tag.',
  })
  parent(@Root() { tag, tree, locale }: InterestTagType): InterestTagType | null {
    const parent = tag.parentId === null ? undefined : tree.find(tag.parentId);
    return parent === undefined || !tree.isListed(parent) ? null : toInterestTagView(parent, tree, locale);
  }

  @FieldResolver(() => [InterestTagType], {
    description: 'Child tags, without hidden ones.',
  })
  children(@Root() { tagId, tree, locale }: InterestTagType): readonly InterestTagType[] {
    const listed = tree.childrenOf(tagId).filter(tree.isListed);
    return listed.map(child => toInterestTagView(child, tree, locale));
  }

  @FieldResolver(() => [InterestTagType], {
    description: 'Tags that merchandisers merged into this one. `interestTagUnmerge` accepts their ids.',
  })
  mergedTags(@Root() { tagId, tree, locale }: InterestTagType): readonly InterestTagType[] {
    return tree.mergedIn(tagId).map(tag => toInterestTagView(tag, tree, locale));
  }

  @CostWeight(5)
  @FieldResolver(() => [RelatedInterestTag], { description: 'Most similar tags, most similar first.' })
  async related(
    @Root() { tagId, tree, locale }: InterestTagType,
    @Arg('first', () => Int, { defaultValue: 5, description: 'Maximum number of rows, 1 to 100.' })
    first: number,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<readonly RelatedInterestTag[]> {
    const near = await services.interests.related(principal.shopId, tagId, tree, checkFirst(first));
    return near.flatMap(({ tagId: id, weight: similarity }) => {
      const tag = tree.find(id);
      return tag === undefined ? [] : [{ tag: toInterestTagView(tag, tree, locale), similarity }];
    });
  }

  @FieldResolver(() => InterestTagProductConnection, {
    description: 'Products of the tag, by descending weight.',
  })
  async products(
    @Root() { tagId }: InterestTagType,
    @Args(() => TagWeightArgs) args: TagWeightArgs,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<Connection<InterestProduct>> {
    const request = weightRequest('tagProducts', args, 0);
    return toConnection({
      kind: 'tagProducts',
      page: await loader(productsByTagLoader).load({ tagId, request }),
      isFirstPage: request.after === undefined,
      cursorOf: ({ productId, weight }) => cursorOf(productId, weight),
      nodeOf: row => row,
    });
  }

  @FieldResolver(() => InterestTagUserConnection, {
    description: 'Interested shoppers, by descending weight. `minWeight` is 0.1 if omitted.',
  })
  async users(
    @Root() { tagId }: InterestTagType,
    @Args(() => TagWeightArgs) args: TagWeightArgs,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<Connection<InterestedUser>> {
    const request = weightRequest('tagUsers', args, audienceMinWeight);
    return toConnection({
      kind: 'tagUsers',
      page: await loader(usersByTagLoader).load({ tagId, request }),
      isFirstPage: request.after === undefined,
      cursorOf: ({ userId, weight }) => cursorOf(userId, weight),
      nodeOf: row => row,
    });
  }
}

/** Resolvers of the fields of a product of a tag. */
@Resolver(() => InterestTagProduct)
export class InterestTagProductResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product. Null when the shop no longer has it.',
  })
  product(
    @Root() { productId }: InterestTagProduct,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ProductType | null> {
    return loader(productByIdLoader).load(productId);
  }
}

/** Resolvers of the fields of a shopper of a tag. */
@Resolver(() => InterestTagUser)
export class InterestTagUserResolver {
  @FieldResolver(() => UserType, {
    nullable: true,
    description: 'The shopper. Null when the shop no longer has them.',
  })
  async user(
    @Root() { userId }: InterestTagUser,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<UserType | null> {
    const user = await loader(userByIdLoader).load(userId);
    return user === null ? null : toUserView(user);
  }
}
