import { Arg, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import type { DegradedReason } from '../../domain/recommendation';
import { CostWeight } from '../limits/costWeight';
import type { Connection } from '../paging/connection';
import { checkFirst, defaultPageSize } from '../paging/pageArgs';
import { productByIdLoader } from '../product/product.loader';
import { ProductType } from '../product/product.type';
import { degradedReasonEnum } from '../recommendation/recommendation.enums';
import type { GraphqlContext } from '../request/context';
import { UserType } from '../user/user.type';
import { checkMinWeight } from './interestTag.input';
import {
  interestsByUserIdLoader,
  interestTagsByProductIdLoader,
  interestTreeLoader,
} from './interestTag.loader';
import { ProductInterestTag, toInterestTagView } from './interestTag.type';
import {
  InterestEvidence,
  type InterestsState,
  toUserInterestConnection,
  UserInterestConnection,
  type UserInterestType,
} from './userInterest.type';

/** Resolvers of a shopper's interests. */
@Resolver(() => UserType)
export class UserInterestResolver {
  @CostWeight(5)
  @FieldResolver(() => UserInterestConnection, {
    nullable: true,
    description:
      'Interests of the shopper from their latest events, by descending weight. A new event counts immediately. Empty when the shopper withdrew consent to PERSONALIZATION. Null when they could not be read; `errors` gives the reason.',
  })
  async interestTags(
    @Root() { userId, locale }: UserType,
    @Arg('first', () => Int, {
      defaultValue: defaultPageSize,
      description: 'Maximum number of rows, 1 to 100.',
    })
    first: number,
    @Arg('minWeight', () => Float, {
      nullable: true,
      description: 'Only interests with at least this weight, 0 to 1.',
    })
    minWeight: number | null | undefined,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<Connection<UserInterestType> & InterestsState> {
    const limits = { first: checkFirst(first), minWeight: checkMinWeight(minWeight, 0) };
    const [tree, interests] = await Promise.all([
      loader(interestTreeLoader).load(),
      loader(interestsByUserIdLoader).load(userId),
    ]);
    return toUserInterestConnection(interests, { ...limits, tree, locale });
  }
}

/** Resolvers of the connection of interests. */
@Resolver(() => UserInterestConnection)
export class UserInterestConnectionResolver {
  @FieldResolver(() => degradedReasonEnum, {
    nullable: true,
    description: 'Why there are no interests. Null when there are.',
  })
  degraded(@Root() { degraded }: InterestsState): DegradedReason | null {
    return degraded;
  }
}

/** Resolvers of the fields of evidence. */
@Resolver(() => InterestEvidence)
export class InterestEvidenceResolver {
  @FieldResolver(() => ProductType, {
    nullable: true,
    description: 'The product of the event. Null when there is none.',
  })
  product(
    @Root() { productId }: InterestEvidence,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ProductType | null> | null {
    return productId === null ? null : loader(productByIdLoader).load(productId);
  }
}

/** Resolvers of the interest tags of a product. */
@Resolver(() => ProductType)
export class ProductInterestResolver {
  @CostWeight(5)
  @FieldResolver(() => [ProductInterestTag], {
    nullable: true,
    description:
      'Tags of the product, at most 3, by descending weight. Learned in training, or inferred from the text of a new product. Null when they could not be read; `errors` gives the reason.',
  })
  async interestTags(
    @Root() { product }: ProductType,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<readonly ProductInterestTag[]> {
    const tags = await loader(interestTagsByProductIdLoader).load(product.id);
    const tree = await loader(interestTreeLoader).load();
    return tags.flatMap(({ tagId, weight }) => {
      const tag = tree.find(tagId);
      return tag === undefined ? [] : [{ tag: toInterestTagView(tag, tree), weight }];
    });
  }
}
