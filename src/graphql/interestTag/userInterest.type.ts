import { Field, Float, ID, ObjectType } from 'type-graphql';
import { clientEventIdOf } from '../../domain/eventKey';
import type { ProductId } from '../../domain/ids';
import type { InteractionType } from '../../domain/interaction';
import type { DegradedReason } from '../../domain/recommendation';
import type { InterestTrend, ShopperInterest, ShopperInterests } from '../../serving/interestTags/interests';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import { weightUnits } from '../../store/ports/interest';
import { interactionTypeEnum } from '../interaction/interaction.enums';
import { type Connection, connectionTypes, toConnection } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';
import { interestTrendEnum } from './interestTag.enums';
import { InterestTagType, toInterestTagView } from './interestTag.type';

/** Evidence for an interest. */
@ObjectType({
  simpleResolvers: true,
  description: 'An event or text of the shopper that supports an interest.',
})
export class InterestEvidence {
  @Field(() => ID, {
    nullable: true,
    description: 'Id that the client assigned to the event. Null for a post or comment.',
  })
  readonly eventId!: string | null;

  @Field(() => interactionTypeEnum, {
    nullable: true,
    description: 'Type of the event. Null for a post or comment.',
  })
  readonly type!: InteractionType | null;

  @Field(() => ID, { nullable: true, description: 'Id of the product. Null when there is none.' })
  readonly productId!: ProductId | null;

  @Field(() => String, {
    nullable: true,
    description: 'The search query, or the text of the post or comment.',
  })
  readonly text!: string | null;

  @Field(() => dateTimeScalar, { description: 'When the event occurred or the text was written.' })
  readonly occurredAt!: number;

  @Field(() => Float, { description: 'Share of all evidence for the interest, 0 to 1.' })
  readonly share!: number;
}

/** An interest of a shopper. */
@ObjectType('UserInterest', {
  simpleResolvers: true,
  description: 'Interest of a shopper in a tag, computed from their latest events.',
})
export class UserInterestType {
  @Field(() => InterestTagType, { description: 'The tag.' })
  readonly tag!: InterestTagType;

  @Field(() => Float, {
    description:
      "Weight of the tag among the shopper's interests, 0 to 1. It decays over time, increases with each event, and is small while there are few events.",
  })
  readonly weight!: number;

  @Field(() => interestTrendEnum, { description: 'Recent change of the interest.' })
  readonly trend!: InterestTrend;

  @Field(() => Float, {
    description: 'Confidence in the weight, 0 to 1. It grows with the number of recent, consistent events.',
  })
  readonly confidence!: number;

  @Field(() => [InterestEvidence], { description: 'The strongest evidence, at most 5 items.' })
  readonly evidence!: readonly InterestEvidence[];
}

/** Connection of interests. */
export const { Connection: UserInterestConnection } = connectionTypes(
  'UserInterest',
  () => UserInterestType,
  'interest',
);

/** Fields of a connection of interests besides its rows. */
export interface InterestsState {
  readonly degraded: DegradedReason | null;
}

/** Joins the evidence of an interest with the events and texts that it names. */
function toEvidence(
  { evidence }: ShopperInterest,
  sources: ShopperInterests['sources'],
): readonly InterestEvidence[] {
  return evidence.flatMap(({ eventId: key, share }): readonly InterestEvidence[] => {
    const source = sources.get(key);
    if (source === undefined) return [];
    if (source.kind === 'TEXT') {
      const { body: text, occurredAt } = source.text;
      return [{ eventId: null, type: null, productId: null, text, occurredAt, share }];
    }
    const { id, type, productId, queryText: text, occurredAt } = source.event;
    return [{ eventId: clientEventIdOf(id), type, productId, text, occurredAt, share }];
  });
}

/** What to show of a shopper's interests. */
export interface InterestSelection {
  readonly first: number;
  /** 0 to 1. */
  readonly minWeight: number;
  readonly tree: InterestTree;
  /** BCP 47 tag of the language of the tag names when the query names none; null for the viewer's language. */
  readonly locale: string | null;
}

/** Converts a shopper's interests to their first page. Interests below the minimum weight are omitted. */
export function toUserInterestConnection(
  { interests, degraded, sources }: ShopperInterests,
  { first, minWeight, tree, locale }: InterestSelection,
): Connection<UserInterestType> & InterestsState {
  const rows = interests.flatMap(interest => {
    const tag = interest.weight < minWeight ? undefined : tree.find(interest.tagId);
    return tag === undefined ? [] : [{ ...interest, tag }];
  });
  const connection = toConnection({
    kind: 'userInterests',
    page: { rows: rows.slice(0, first), hasNext: rows.length > first },
    isFirstPage: true,
    cursorOf: ({ tagId, weight }) => ({ at: Math.round(weight * weightUnits), id: tagId }),
    nodeOf: row => ({
      ...row,
      tag: toInterestTagView(row.tag, tree, locale),
      evidence: toEvidence(row, sources),
    }),
  });
  return Object.assign(connection, { degraded });
}
