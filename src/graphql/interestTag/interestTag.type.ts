import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ProductId, UserId } from '../../domain/ids';
import type { InterestTagRecord } from '../../domain/interest';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import { toGlobalId } from '../node/globalId';
import { NodeType } from '../node/node.type';
import { connectionTypes } from '../paging/connection';
import { dateTimeScalar } from '../scalars/dateTime';

/** What a tag is called in one language. */
@ObjectType({ simpleResolvers: true, description: 'What a tag is called in one language.' })
export class InterestTagName {
  @Field(() => String, { description: 'Language, like `en` or `zh`.' })
  readonly locale!: string;

  @Field(() => String, { description: 'The name that is shown.' })
  readonly name!: string;

  @Field(() => Boolean, { description: 'Whether a merchandiser chose it; otherwise it was learned.' })
  readonly isEdited!: boolean;
}

/** Something shoppers are into. */
@ObjectType('InterestTag', {
  implements: NodeType,
  simpleResolvers: true,
  description:
    'Something shoppers are into, learned from the words of products, searches and posts and from who likes what, and edited by merchandisers.',
})
export class InterestTagType extends NodeType {
  @Field(() => ID, { description: 'Stays the same over trainings: what edits hold on to.' })
  readonly tagId!: string;

  @Field(() => [InterestTagName], { description: 'Its names, one a language.' })
  readonly names!: readonly InterestTagName[];

  @Field(() => [String], { description: 'The words that tell it best, most telling first, in any language.' })
  readonly terms!: readonly string[];

  @Field(() => Int, {
    description: 'Products of which it is the strongest tag, those merged into it included.',
  })
  readonly productCount!: number;

  @Field(() => Boolean, {
    description: 'Whether merchandisers pinned it: first in lists of tags, and never resting.',
  })
  readonly isPinned!: boolean;

  @Field(() => Boolean, {
    description: 'Whether merchandisers hid it: in no list, and in no answer about a shopper or product.',
  })
  readonly isHidden!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the latest training still found it; its edits are kept when not.',
  })
  readonly isActive!: boolean;

  @Field(() => String, { nullable: true, description: 'Version of the artifact that found it last.' })
  readonly modelVersion!: string | null;

  @Field(() => dateTimeScalar, { description: 'When it was first found.' })
  readonly createdAt!: number;

  @Field(() => dateTimeScalar, { description: 'When it was last found or edited.' })
  readonly updatedAt!: number;

  /** The row the view was made of; not in the schema. */
  readonly tag!: InterestTagRecord;
  /** What it is among; not in the schema. */
  readonly tree!: InterestTree;
  /** Language to name it in when the query does not say; null for the viewer's; not in the schema. */
  readonly locale!: string | null;
}

/** Pages of tags. */
export const { Connection: InterestTagConnection } = connectionTypes(
  'InterestTag',
  () => InterestTagType,
  'interest tag',
);

/** A tag beside another. */
@ObjectType({ simpleResolvers: true, description: 'A tag that is near another.' })
export class RelatedInterestTag {
  @Field(() => InterestTagType, { description: 'The near one.' })
  readonly tag!: InterestTagType;

  @Field(() => Float, { description: 'How near: cosine of what they hold, 0 to 1.' })
  readonly similarity!: number;
}

/** A tag of a product. */
@ObjectType({ simpleResolvers: true, description: 'A tag of a product.' })
export class ProductInterestTag {
  @Field(() => InterestTagType, { description: 'What it belongs to.' })
  readonly tag!: InterestTagType;

  @Field(() => Float, { description: 'How much of the product belongs to it, 0 to 1.' })
  readonly weight!: number;
}

/** A product of a tag. */
@ObjectType({ simpleResolvers: true, description: 'A product of a tag.' })
export class InterestTagProduct {
  @Field(() => ID, { description: "The shop's own id of the product." })
  readonly productId!: ProductId;

  @Field(() => Float, { description: 'How much of the product belongs to the tag, 0 to 1.' })
  readonly weight!: number;
}

/** Pages of a tag's products. */
export const { Connection: InterestTagProductConnection } = connectionTypes(
  'InterestTagProduct',
  () => InterestTagProduct,
  'product of a tag',
);

/** A shopper of a tag's audience. */
@ObjectType({ simpleResolvers: true, description: "A shopper of a tag's audience." })
export class InterestTagUser {
  @Field(() => ID, { description: "The shop's own id of the shopper." })
  readonly userId!: UserId;

  @Field(() => Float, {
    description:
      "Share of the shopper's attention, 0 to 1, as saved after their last event or the last training.",
  })
  readonly weight!: number;

  @Field(() => Float, { description: 'How sure that is, 0 to 1.' })
  readonly confidence!: number;
}

/** Pages of a tag's audience. */
export const { Connection: InterestTagUserConnection } = connectionTypes(
  'InterestTagUser',
  () => InterestTagUser,
  'shopper of a tag',
);

const languageOf = (locale: string): string => locale.split('-', 1)[0].toLowerCase();

/**
 * What a tag is called: in the asked language where it has a name there, as edited, then as learned; else in another
 * language, English first; its id when it has no name at all.
 *
 * @param locale - BCP 47
 */
export function nameIn({ id, names, nameEdits }: InterestTagRecord, locale: string): string {
  const all: Readonly<Record<string, string | undefined>> = { ...names, ...nameEdits };
  return all[languageOf(locale)] ?? all['en'] ?? Object.values(all)[0] ?? id;
}

const namesOf = ({ names, nameEdits }: InterestTagRecord): readonly InterestTagName[] =>
  Object.entries({ ...names, ...nameEdits })
    .map(([locale, name]) => ({ locale, name, isEdited: Object.hasOwn(nameEdits, locale) }))
    .sort((a, b) => (a.locale < b.locale ? -1 : 1));

/** What the schema shows of a tag. @param locale - language to name it in when the query does not say */
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
