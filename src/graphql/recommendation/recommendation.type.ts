import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ListId, ProductId, UserId } from '../../domain/ids';
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

  @Field(() => ID, {
    description:
      'Id of the list that the item belongs to. Send it with events, for attribution. It differs from the `listId` of the list around it where `after` continues an earlier list.',
  })
  readonly listId!: ListId;

  @Field(() => Int, {
    description: 'Rank in the list, starting at 1. Send it with events, for attribution.',
  })
  readonly rank!: number;

  @Field(() => Float, { description: 'Score of the strategy. Scores are comparable only within one list.' })
  readonly score!: number;

  @Field(() => recommendationSourceEnum, { description: 'Origin of the item.' })
  readonly source!: RecommendationSource;

  @Field(() => togetherSourceEnum, {
    nullable: true,
    description:
      'Evidence that the item is bought together with the requested product or cart. Null when there is none, and in lists that are read again later.',
  })
  readonly togetherSource!: TogetherSource | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Number of orders (or carts, days…, see `togetherSource`) that contain both. Null when `togetherSource` is null.',
  })
  readonly togetherSupport!: number | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description:
      'When the shopper last bought the product. Null when they did not, and in lists that are read again later.',
  })
  readonly lastBoughtAt!: number | null;

  @Field(() => dateTimeScalar, {
    nullable: true,
    description:
      'When the shopper will have bought the product again with a probability of 0.5. Null when they never bought it, when that is unknown or more than a year away, and in lists that are read again later.',
  })
  readonly dueAt!: number | null;

  /** The shopper for whom the list was made. Not in the schema. */
  readonly shopperId!: UserId | null;
}

/** Converts an item of a list to its GraphQL type. */
export const toRecommendation = (
  { together, repeat, ...item }: RecommendedItem,
  { id: listId, userId: shopperId }: RecommendationList,
): Recommendation => ({
  ...item,
  listId,
  togetherSource: together?.source ?? null,
  togetherSupport: together?.support ?? null,
  lastBoughtAt: repeat?.lastBoughtAt ?? null,
  dueAt: repeat?.dueAt ?? null,
  shopperId,
});

/** Connection of the items of a list. */
export const { Connection: RecommendationConnection } = connectionTypes(
  'Recommendation',
  () => Recommendation,
  'recommendation',
);

/** A list as it was served. */
@ObjectType('RecommendationList', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'A list as it was served. It never changes, so that later events can be attributed to it. A list is stored once its `items` are selected.',
})
export class RecommendationListType extends NodeType {
  @Field(() => ID, {
    description: 'Id for attribution. Send it as `listId` with the events that the list leads to.',
  })
  readonly listId!: ListId;

  @Field(() => ID, {
    nullable: true,
    description: 'Shopper for whom the list was made. Null for an anonymous visitor.',
  })
  readonly userId!: string | null;

  @Field(() => String, { description: 'Placement in the shop for which the list was requested.' })
  readonly placement!: string;

  @Field(() => String, { description: 'Name of the model that contributed most items.' })
  readonly strategy!: string;

  @Field(() => String, { nullable: true, description: 'Version of that model. Null when no model was used.' })
  readonly modelVersion!: string | null;

  @Field(() => degradedReasonEnum, {
    nullable: true,
    description: 'Why the list is less than what was requested. Null when it is complete.',
  })
  readonly degraded!: DegradedReason | null;

  @Field(() => Boolean, {
    description:
      'Whether MERCHANDISER or ADMIN requested the list. A preview is not stored: it is not in the lists of the shopper, and no event can be attributed to it.',
  })
  readonly isPreview!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the list is stored for attribution, once its `items` are selected. False for previews, and beyond the number of lists that are stored per shopper and hour.',
  })
  readonly isStored!: boolean;

  @Field(() => dateTimeScalar, { description: 'When the list was made.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'Until when the list is stored for attribution.' })
  readonly expiresAt!: number;

  /** The list. Not in the schema. */
  readonly list!: RecommendationList;

  /** Whether this request made the list. A new list is stored when its items are selected, if `isStored`. Not in the schema. */
  readonly isNew!: boolean;
}

/** Connection of lists. */
export const { Connection: RecommendationListConnection } = connectionTypes(
  'RecommendationList',
  () => RecommendationListType,
  'recommendation list',
);

/** Converts a stored list to its GraphQL type. */
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
    isPreview: false,
    isStored: true,
    isNew: false,
    createdAt: list.createdAt,
    expiresAt: list.expiresAt,
    list,
  };
}
