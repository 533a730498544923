import { ArgsType, Field, Float, ID, InputType } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { InterestTagRecord } from '../../domain/interest';
import type { Principal } from '../../domain/role';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import type { WeightRequest } from '../../store/ports/interest';
import type { Page } from '../../store/ports/page';
import type { UserError } from '../errors/userError.type';
import { PageArgs, pageRequest } from '../paging/pageArgs';

/** Arguments of `interestTags`. */
@ArgsType()
export class InterestTagsArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only tags with this text in a name or a term, in any language. Not case-sensitive.',
  })
  readonly search?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Also include tags that are hidden, or that the latest training did not find. Staff only.',
  })
  readonly includeHidden!: boolean;
}

/** Paging arguments for the products or users of a tag. */
@ArgsType()
export class TagWeightArgs extends PageArgs {
  @Field(() => Float, {
    nullable: true,
    description: 'Only rows with at least this weight, 0 to 1.',
  })
  readonly minWeight?: number | null;
}

/** A name of a tag in one language. */
@InputType({ description: 'A name of a tag in one language.' })
export class InterestTagNameInput {
  @Field(() => String, { description: 'Language code, such as `en` or `zh`.' })
  readonly locale!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name, 1 to 80 characters. Null restores the learned name.',
  })
  readonly name?: string | null;
}

/** Changes to a tag. */
@InputType({ description: 'Changes to a tag. Omitted fields stay as they are.' })
export class InterestTagUpdateInput {
  @Field(() => ID, { description: '`tagId` of the tag.' })
  readonly tagId!: string;

  @Field(() => [InterestTagNameInput], {
    nullable: true,
    description: 'New names. Names in other languages stay as they are.',
  })
  readonly names?: readonly InterestTagNameInput[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True hides the tag everywhere. False shows it again.',
  })
  readonly isHidden?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True pins the tag to the top of lists. False unpins it.',
  })
  readonly isPinned?: boolean | null;
}

/** The tag to merge, and the tag to merge it into. */
@InputType({ description: 'The tag to merge, and the tag to merge it into.' })
export class InterestTagMergeInput {
  @Field(() => ID, { description: 'The tag to merge. It is no longer shown on its own.' })
  readonly fromTagId!: string;

  @Field(() => ID, { description: 'The tag to merge into.' })
  readonly intoTagId!: string;
}

/** Default minimum weight with which a shopper belongs to the audience of a tag. */
export const audienceMinWeight = 0.1;

/**
 * Returns the minimum weight, or the default when it is absent.
 *
 * @throws {GatewayError} BAD_USER_INPUT unless it is 0 to 1
 */
export function checkMinWeight(minWeight: number | null | undefined, defaultWeight: number): number {
  const wanted = minWeight ?? defaultWeight;
  if (wanted >= 0 && wanted <= 1) return wanted;
  throw new GatewayError('BAD_USER_INPUT', `Expected \`minWeight\` from 0 to 1; got ${wanted}. Correct it.`, {
    minWeight: wanted,
  });
}

/** Converts paging arguments to a request to the store. @throws {GatewayError} BAD_USER_INPUT */
export const weightRequest = (kind: string, args: TagWeightArgs, defaultWeight: number): WeightRequest => ({
  ...pageRequest(kind, args),
  minWeight: checkMinWeight(args.minWeight, defaultWeight),
});

const languagePattern = /^[a-z]{2,3}$/;
const maxNameLength = 80;
const maxSearchLength = 200;

/** Returns the language of a BCP 47 tag: `zh` for `zh-CN`. */
export const languageOf = (locale: string): string => locale.split('-', 1)[0].toLowerCase();

const pinnedFirst = 1e12;
/** Returns the sort key of a tag: pinned tags first, then tags with more products. */
const sortKeyOf = (tag: InterestTagRecord, tree: InterestTree): number =>
  (tag.isPinned ? pinnedFirst : 0) + tree.productsOf(tag.id);

const isFound = (tag: InterestTagRecord, text: string): boolean =>
  [...Object.values({ ...tag.names, ...tag.nameEdits }), ...tag.terms].some(word =>
    word.toLowerCase().includes(text),
  );

/** A tag and its sort key. */
export interface PlacedTag {
  readonly at: number;
  readonly id: string;
  readonly tag: InterestTagRecord;
}

/**
 * Returns one page of tags: pinned tags first, then by descending number of products, then by id.
 *
 * @throws {GatewayError} FORBIDDEN when a role that may not edit tags requests hidden ones; BAD_USER_INPUT
 */
export function pageOfTags(tree: InterestTree, args: InterestTagsArgs, { role }: Principal): Page<PlacedTag> {
  const { first, after } = pageRequest('interestTags', args);
  const { includeHidden, search } = args;
  if (includeHidden && role !== 'MERCHANDISER' && role !== 'ADMIN')
    throw new GatewayError(
      'FORBIDDEN',
      'Expected a MERCHANDISER or ADMIN to request hidden tags; got another role. Omit `includeHidden`.',
    );
  const text = (search ?? '').trim().toLowerCase();
  if (text.length > maxSearchLength)
    throw new GatewayError(
      'BAD_USER_INPUT',
      `Expected \`search\` of at most ${maxSearchLength} characters; got ${text.length}. Shorten it.`,
    );
  const placed = tree.tags
    .filter(tag => (includeHidden ? !tree.mergedInto.has(tag.id) : tree.isListed(tag)) && isFound(tag, text))
    .map(tag => ({ tag, id: tag.id, at: sortKeyOf(tag, tree) }))
    .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
    .filter(({ at, id }) => after === undefined || at < after.at || (at === after.at && id > after.id));
  return { rows: placed.slice(0, first), hasNext: placed.length > first };
}

const invalid = (field: string, message: string): UserError => ({
  field: ['input', field],
  message,
  code: 'INVALID',
});

const unknownTag = (field: string): UserError => ({
  field: ['input', field],
  message: 'Expected the id of a tag of this shop; got another id. `interestTags` lists the tags.',
  code: 'NOT_FOUND',
});

const isNamed = ({ names, nameEdits }: InterestTagRecord, locale: string, name: string): boolean =>
  ({ ...names, ...nameEdits })[locale]?.toLowerCase() === name.toLowerCase();

function checkName(
  tagId: string,
  { locale, name = null }: InterestTagNameInput,
  tree: InterestTree,
): UserError | null {
  const language = languageOf(locale);
  if (!languagePattern.test(language))
    return invalid(
      'names',
      'Expected `locale` to be a language code such as en or zh; got something else. Correct it.',
    );
  if (name === null) return null;
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > maxNameLength)
    return invalid(
      'names',
      `Expected a name of 1 to ${maxNameLength} characters; got ${trimmed.length}. Correct it.`,
    );
  const other = tree.tags.find(
    tag => tag.id !== tagId && tree.isListed(tag) && isNamed(tag, language, trimmed),
  );
  if (other === undefined) return null;
  return invalid(
    'names',
    `Expected a unique name; tag ${other.id} has the same name. Merge the two tags, or choose another name.`,
  );
}

/** Returns why an update is invalid. Null when it is valid. */
export function checkTagUpdate(
  { tagId, names }: InterestTagUpdateInput,
  tree: InterestTree,
): UserError | null {
  if (tree.exactly(tagId) === undefined) return unknownTag('tagId');
  const languages = (names ?? []).map(({ locale }) => languageOf(locale));
  if (new Set(languages).size < languages.length)
    return invalid(
      'names',
      'Expected each language once; got one twice (zh-Hans and zh-Hant are both zh). Keep one name per language.',
    );
  return (names ?? []).map(name => checkName(tagId, name, tree)).find(error => error !== null) ?? null;
}

/** Returns why two tags cannot be merged. Null when they can. */
export function checkTagMerge(
  { fromTagId, intoTagId }: InterestTagMergeInput,
  tree: InterestTree,
): UserError | null {
  const from = tree.exactly(fromTagId);
  if (from === undefined) return unknownTag('fromTagId');
  const into = tree.find(intoTagId);
  if (into === undefined) return unknownTag('intoTagId');
  if (tree.mergedInto.has(fromTagId))
    return invalid(
      'fromTagId',
      'Expected a tag that is not merged; this one is merged into another. Undo that merge first with interestTagUnmerge.',
    );
  if (tree.membersOf(fromTagId).includes(into.id))
    return invalid(
      'intoTagId',
      'Expected a tag that is not part of the first and not merged into it; got such a tag. Choose another.',
    );
  const isWide = (tagId: string) => tree.childrenOf(tagId).length > 0;
  if (isWide(fromTagId) === isWide(into.id)) return null;
  return invalid(
    'intoTagId',
    'Expected two tags with children, or two without; got one of each. Merge tags of the same level.',
  );
}
