import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ListId, ProductId } from '../../domain/ids';
import type {
  DegradedReason,
  RecommendationList,
  RecommendationSource,
  RecommendedItem,
  TogetherSource,
} from '../../domain/recommendation';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { degradedReasonEnum, recommendationSourceEnum, togetherSourceEnum } from './recommendation.enums';

/** One product of a list. */
@ObjectType({ simpleResolvers: true, description: 'One product of a list.' })
export class Recommendation {
  @Field(() => ID, { description: 'Id of the product.' })
  readonly productId!: ProductId;

  @Field(() => Int, {
    description: 'Place in the list, 1 = first. Send it back with events, for attribution.',
  })
  readonly rank!: number;

  @Field(() => Float, { description: "The strategy's own score: comparable within the list only." })
  readonly score!: number;

  @Field(() => recommendationSourceEnum, { description: 'Where it came from.' })
  readonly source!: RecommendationSource;

  @Field(() => togetherSourceEnum, {
    nullable: true,
    description:
      'What shows that it goes with the product or cart asked about; null where nothing does, and in lists read again later.',
  })
  readonly togetherSource!: TogetherSource | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many orders (carts, days: see `togetherSource`) hold both; null where that is.',
  })
  readonly togetherSupport!: number | null;
}

/** What the schema shows of an item. */
export const toRecommendation = ({ together, ...item }: RecommendedItem): Recommendation => ({
  ...item,
  togetherSource: together?.source ?? null,
  togetherSupport: together?.support ?? null,
});

/** Pages of one list. */
export const { Connection: RecommendationConnection } = connectionTypes(
  'Recommendation',
  () => Recommendation,
  'recommendation',
);

/** A list as it was shown. */
@ObjectType('RecommendationList', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'A list as it was shown: it never changes, so that later events can be attributed to it.',
})
export class RecommendationListType extends NodeType {
  @Field(() => ID, { description: 'Id for attribution: send it as `listId` with the events it leads to.' })
  readonly listId!: ListId;

  @Field(() => ID, { nullable: true, description: 'Whom it was made for; null for a visitor nobody knows.' })
  readonly userId!: string | null;

  @Field(() => String, { description: 'Where in the shop it was asked for.' })
  readonly placement!: string;

  @Field(() => String, { description: 'Name of the model that made most of it.' })
  readonly strategy!: string;

  @Field(() => String, { nullable: true, description: 'Version of that model; null for rules.' })
  readonly modelVersion!: string | null;

  @Field(() => degradedReasonEnum, {
    nullable: true,
    description: 'Why it is less than what was asked for; null when it is not.',
  })
  readonly degraded!: DegradedReason | null;

  @Field(() => dateTimeScalar, { description: 'When it was made.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'Until when it is kept for attribution.' })
  readonly expiresAt!: number;

  /** The list the view was made of; not in the schema. */
  readonly list!: RecommendationList;
}

/** Pages of lists. */
export const { Connection: RecommendationListConnection } = connectionTypes(
  'RecommendationList',
  () => RecommendationListType,
  'recommendation list',
);

/** What the schema shows of a list. */
export function toRecommendationListView(list: RecommendationList): RecommendationListType {
  return {
    __typename: 'RecommendationList',
    id: toGlobalId('RecommendationList', list.id),
    listId: list.id,
    userId: list.userId,
    placement: list.placement,
    strategy: list.strategy,
    modelVersion: list.modelVersion,
    degraded: list.degraded,
    createdAt: list.createdAt,
    expiresAt: list.expiresAt,
    list,
  };
}
