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
import { userByIdLoader, viewerLocaleLoader } from '../user/user.loader';
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

/** Audiences smaller than this are told as null to those who may not list shoppers. */
const smallestTold = 5;

const isStaff = ({ principal }: GraphqlContext): boolean =>
  principal.role === 'MERCHANDISER' || principal.role === 'ADMIN';

/** The tag, or null: to all but staff a hidden or resting one looks exactly like none. */
const visibleTag = (
  tag: InterestTagRecord | undefined,
  tree: InterestTree,
  context: GraphqlContext,
): InterestTagType | null =>
  tag !== undefined && (tree.isListed(tag) || isStaff(context)) ? toInterestTagView(tag, tree) : null;

/** What was asked for: a tag, by the id it has or had before a merge. */
export async function readTag(tagId: string, context: GraphqlContext): Promise<InterestTagType | null> {
  const tree = await context.loader(interestTreeLoader).load();
  return visibleTag(tree.find(tagId), tree, context);
}

const cursorOf = (id: string, weight: number) => ({ at: Math.round(weight * weightUnits), id });

/** Tags. */
@Resolver(() => InterestTagType)
export class InterestTagResolver {
  @Query(() => InterestTagType, {
    nullable: true,
    description: 'A tag; the one it was merged into where it was; null when there is none (or it is hidden).',
  })
  interestTag(
    @Arg('tagId', () => ID, { description: 'Its `tagId`.' }) tagId: string,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagType | null> {
    return readTag(tagId, context);
  }

  @CostWeight(5)
  @Query(() => InterestTagConnection, {
    description: 'What shoppers of the shop are into: pinned tags first, then those of most products.',
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
    description: 'What to call it in a language; in another one where it has no name there.',
  })
  async name(
    @Root() { tag, locale: usual }: InterestTagType,
    @Arg('locale', () => String, {
      nullable: true,
      description: "BCP 47 tag of the language; left out, the shopper's, else the shop's.",
    })
    locale: string | null | undefined,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<string> {
    return nameIn(tag, locale ?? usual ?? (await loader(viewerLocaleLoader).load()));
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'How many shoppers are into it. Null for fewer than 5, but for staff, who may list them anyway.',
  })
  async audienceSize(
    @Root() { tagId }: InterestTagType,
    @Arg('minWeight', () => Float, {
      nullable: true,
      description: 'Only shoppers into it with at least this weight, 0 to 1; 0.1 when left out.',
    })
    minWeight: number | null | undefined,
    @Ctx() context: GraphqlContext,
  ): Promise<number | null> {
    const request = checkMinWeight(minWeight, audienceMinWeight);
    const size = await context.loader(audienceSizeByTagLoader).load({ tagId, request });
    return size >= smallestTold || isStaff(context) ? size : null;
  }

  @FieldResolver(() => InterestTagType, {
    nullable: true,
    description: 'The wider tag it belongs to; null for the widest.',
  })
  parent(@Root() { tag, tree, locale }: InterestTagType): InterestTagType | null {
    const parent = tag.parentId === null ? undefined : tree.find(tag.parentId);
    return parent === undefined || !tree.isListed(parent) ? null : toInterestTagView(parent, tree, locale);
  }

  @FieldResolver(() => [InterestTagType], {
    description: 'Tags it is the wider one of, without hidden ones.',
  })
  children(@Root() { tagId, tree, locale }: InterestTagType): readonly InterestTagType[] {
    const listed = tree.childrenOf(tagId).filter(tree.isListed);
    return listed.map(child => toInterestTagView(child, tree, locale));
  }

  @FieldResolver(() => [InterestTagType], {
    description: 'Tags that merchandisers merged into it: interestTagUnmerge takes their ids.',
  })
  mergedTags(@Root() { tagId, tree, locale }: InterestTagType): readonly InterestTagType[] {
    return tree.mergedIn(tagId).map(tag => toInterestTagView(tag, tree, locale));
  }

  @CostWeight(5)
  @FieldResolver(() => [RelatedInterestTag], { description: 'The tags nearest to it, nearest first.' })
  async related(
    @Root() { tagId, tree, locale }: InterestTagType,
    @Arg('first', () => Int, { defaultValue: 5, description: 'How many, 1 to 100.' }) first: number,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<readonly RelatedInterestTag[]> {
    const near = await services.interests.related(principal.shopId, tagId, tree, checkFirst(first));
    return near.flatMap(({ tagId: id, weight: similarity }) => {
      const tag = tree.find(id);
      return tag === undefined ? [] : [{ tag: toInterestTagView(tag, tree, locale), similarity }];
    });
  }

  @FieldResolver(() => InterestTagProductConnection, {
    description: 'Its products, those that belong to it most first.',
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
    description:
      'Shoppers who are into it, most first; into it with a weight of 0.1 unless `minWeight` says otherwise.',
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

/** What hangs on a product of a tag. */
@Resolver(() => InterestTagProduct)
export class InterestTagProductResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product; null when the shop has no such product any more.',
  })
  product(
    @Root() { productId }: InterestTagProduct,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ProductType | null> {
    return loader(productByIdLoader).load(productId);
  }
}

/** What hangs on a shopper of a tag. */
@Resolver(() => InterestTagUser)
export class InterestTagUserResolver {
  @FieldResolver(() => UserType, { nullable: true, description: 'The shopper.' })
  async user(
    @Root() { userId }: InterestTagUser,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<UserType | null> {
    const user = await loader(userByIdLoader).load(userId);
    return user === null ? null : toUserView(user);
  }
}
