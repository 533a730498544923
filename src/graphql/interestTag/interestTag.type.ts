import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ProductId, UserId } from '../../domain/ids';
import type { InterestTagRecord } from '../../domain/interest';
import { negotiateLocales } from '../../domain/locale';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';

/** Name of a tag in one language. */
@ObjectType({ simpleResolvers: true, description: 'Name of a tag in one language.' })
export class InterestTagName {
  @Field(() => String, { description: 'Language code, such as `en` or `zh`.' })
  readonly locale!: string;

  @Field(() => String, { description: 'The name, edited or learned.' })
  readonly name!: string;

  @Field(() => Boolean, { description: 'Whether a merchandiser set the name. Otherwise it was learned.' })
  readonly isEdited!: boolean;
}

/** A topic of interest. */
@ObjectType('InterestTag', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'A topic of interest. Training learns tags from the texts of products, searches and posts and from the behaviour of shoppers; merchandisers edit them.',
})
export class InterestTagType extends NodeType {
  @Field(() => ID, { description: 'Id that stays the same across trainings, so that edits persist.' })
  readonly tagId!: string;

  @Field(() => [InterestTagName], { description: 'Names, one per language.' })
  readonly names!: readonly InterestTagName[];

  @Field(() => [String], {
    description: 'Most characteristic words in any language, most characteristic first.',
  })
  readonly terms!: readonly string[];

  @Field(() => Int, {
    description: 'Number of products for which this tag, or a tag merged into it, has the highest weight.',
  })
  readonly productCount!: number;

  @Field(() => Boolean, {
    description:
      'Whether merchandisers pinned the tag. A pinned tag is first in lists, and is listed even when the latest training did not find it.',
  })
  readonly isPinned!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether merchandisers hid the tag. A hidden tag appears in no list, and not among the interests of shoppers or the tags of products.',
  })
  readonly isHidden!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the latest training found the tag. If not, its edits are kept.',
  })
  readonly isActive!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Version of the latest model artifact that found the tag.',
  })
  readonly modelVersion!: string | null;

  @Field(() => dateTimeScalar, { description: 'When training first found the tag.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When the tag was last found or edited.' })
  readonly updatedAt!: number;

  /** The stored tag. Not in the schema. */
  readonly tag!: InterestTagRecord;
  /** The tree of all tags. Not in the schema. */
  readonly tree!: InterestTree;
  /** Language of the name when the query names none. Null for the viewer's language. Not in the schema. */
  readonly locale!: string | null;
}

/** Connection of tags. */
export const { Connection: InterestTagConnection } = connectionTypes(
  'InterestTag',
  () => InterestTagType,
  'interest tag',
);

/** A tag that is similar to another. */
@ObjectType({ simpleResolvers: true, description: 'A tag that is similar to another.' })
export class RelatedInterestTag {
  @Field(() => InterestTagType, { description: 'The similar tag.' })
  readonly tag!: InterestTagType;

  @Field(() => Float, {
    description: 'Cosine similarity of the centroids of the two tags, 0 to 1.',
  })
  readonly similarity!: number;
}

/** A tag of a product. */
@ObjectType({ simpleResolvers: true, description: 'A tag of a product.' })
export class ProductInterestTag {
  @Field(() => InterestTagType, { description: 'The tag.' })
  readonly tag!: InterestTagType;

  @Field(() => Float, { description: 'Weight of the tag in the product, 0 to 1.' })
  readonly weight!: number;
}

/** A product of a tag. */
@ObjectType({ simpleResolvers: true, description: 'A product of a tag.' })
export class InterestTagProduct {
  @Field(() => ID, { description: "Id of the product in the shop's own system." })
  readonly productId!: ProductId;

  @Field(() => Float, { description: 'Weight of the tag in the product, 0 to 1.' })
  readonly weight!: number;
}

/** Connection of the products of a tag. */
export const { Connection: InterestTagProductConnection } = connectionTypes(
  'InterestTagProduct',
  () => InterestTagProduct,
  'product of a tag',
);

/** A shopper in the audience of a tag. */
@ObjectType({ simpleResolvers: true, description: 'A shopper in the audience of a tag.' })
export class InterestTagUser {
  @Field(() => ID, { description: "Id of the shopper in the shop's own system." })
  readonly userId!: UserId;

  @Field(() => Float, {
    description:
      "Weight of the tag among the shopper's interests, 0 to 1. Updated after their last event or the last training.",
  })
  readonly weight!: number;

  @Field(() => Float, { description: 'Confidence in the weight, 0 to 1.' })
  readonly confidence!: number;
}

/** Connection of the audience of a tag. */
export const { Connection: InterestTagUserConnection } = connectionTypes(
  'InterestTagUser',
  () => InterestTagUser,
  'shopper of a tag',
);

/**
 * Returns the name of a tag in the requested language; an edited name precedes a learned one. Without a name in that
 * language, returns the English name, then any other name, then the id.
 *
 * @param locale - BCP 47 tag
 */
export function nameIn({ id, names, nameEdits }: InterestTagRecord, locale: string): string {
  const all = new Map(Object.entries({ ...names, ...nameEdits }));
  const [best = 'en'] = negotiateLocales(locale, [...all.keys()]);
  return all.get(best) ?? all.get('en') ?? [...all.values()][0] ?? id;
}

const namesOf = ({ names, nameEdits }: InterestTagRecord): readonly InterestTagName[] =>
  Object.entries({ ...names, ...nameEdits })
    .map(([locale, name]) => ({ locale, name, isEdited: Object.hasOwn(nameEdits, locale) }))
    .sort((a, b) => (a.locale < b.locale ? -1 : 1));

/** Converts a tag to its GraphQL type. @param locale - language of the name when the query names none */
export function toInterestTagView(
  tag: InterestTagRecord,
  tree: InterestTree,
  locale: string | null = null,
): InterestTagType {
  const { id, terms, isPinned, isHidden, modelVersion, createdAt, updatedAt } = tag;
  return {
    __typename: 'InterestTag',
    id: toGlobalId('InterestTag', id),
    tagId: id,
    names: namesOf(tag),
    terms,
    productCount: tree.productsOf(id),
    isPinned,
    isHidden,
    isActive: tree.isActive(id),
    modelVersion,
    createdAt,
    updatedAt,
    tag,
    tree,
    locale,
  };
}
