import { ArgsType, Field, Float, ID, InputType } from 'type-graphql';
import { GatewayError } from '../../domain/errors';
import type { InterestTagRecord } from '../../domain/interest';
import type { Principal } from '../../domain/role';
import type { InterestTree } from '../../serving/interestTags/interestTree';
import type { WeightRequest } from '../../store/ports/interest';
import type { Page } from '../../store/ports/page';
import type { UserError } from '../errors/userError.type';
import { PageArgs, pageRequest } from '../paging/pageArgs';

/** Which tags to list. */
@ArgsType()
export class InterestTagsArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description: 'Only tags with this in a name or a term, in any language; upper and lower case are alike.',
  })
  readonly search?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Also tags that are hidden or that the latest training did not find. Staff only.',
  })
  readonly includeHidden!: boolean;
}

/** How to page through what belongs to a tag. */
@ArgsType()
export class TagWeightArgs extends PageArgs {
  @Field(() => Float, {
    nullable: true,
    description: 'Only what belongs to it with at least this weight, 0 to 1.',
  })
  readonly minWeight?: number | null;
}

/** A name to write. */
@InputType({ description: 'A name of a tag in one language.' })
export class InterestTagNameInput {
  @Field(() => String, { description: 'Language, like `en` or `zh`.' })
  readonly locale!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name, 1 to 80 characters; null goes back to the learned one.',
  })
  readonly name?: string | null;
}

/** What to change of a tag. */
@InputType({ description: 'What to change of a tag. Fields that are left out stay as they are.' })
export class InterestTagUpdateInput {
  @Field(() => ID, { description: 'Which tag.' })
  readonly tagId!: string;

  @Field(() => [InterestTagNameInput], { nullable: true, description: 'New names; other languages stay.' })
  readonly names?: readonly InterestTagNameInput[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Hides it everywhere, or shows it again.' })
  readonly isHidden?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Pins it to the top of lists, or lets it go.' })
  readonly isPinned?: boolean | null;
}

/** Which tags to merge. */
@InputType({ description: 'Which tag to merge into which.' })
export class InterestTagMergeInput {
  @Field(() => ID, { description: 'The tag that is no longer shown by itself.' })
  readonly fromTagId!: string;

  @Field(() => ID, { description: 'The tag that it counts as from now on.' })
  readonly intoTagId!: string;
}

/** Least weight of a tag in a shopper for them to count among its audience, unless a query says otherwise. */
export const audienceMinWeight = 0.1;

/** @throws {GatewayError} BAD_USER_INPUT unless it is 0 to 1 */
export function checkMinWeight(minWeight: number | null | undefined, usual: number): number {
  const wanted = minWeight ?? usual;
  if (wanted >= 0 && wanted <= 1) return wanted;
  throw new GatewayError('BAD_USER_INPUT', `Expected \`minWeight\` from 0 to 1; got ${wanted}. Mend it.`, {
    minWeight: wanted,
  });
}

/** What the store is asked for. @throws {GatewayError} BAD_USER_INPUT */
export const weightRequest = (kind: string, args: TagWeightArgs, usual: number): WeightRequest => ({
  ...pageRequest(kind, args),
  minWeight: checkMinWeight(args.minWeight, usual),
});

const languagePattern = /^[a-z]{2,3}$/;
const longestName = 80;
const longestSearch = 200;

/** Language of a BCP 47 tag: `zh` of `zh-CN`. */
export const languageOf = (locale: string): string => locale.split('-', 1)[0].toLowerCase();

const pinnedFirst = 1e12;
/** Pinned tags first, then those of most products. */
const placeOf = (tag: InterestTagRecord, tree: InterestTree): number =>
  (tag.isPinned ? pinnedFirst : 0) + tree.productsOf(tag.id);

const isFound = (tag: InterestTagRecord, text: string): boolean =>
  [...Object.values({ ...tag.names, ...tag.nameEdits }), ...tag.terms].some(word =>
    word.toLowerCase().includes(text),
  );

/** A tag and its place in lists. */
export interface PlacedTag {
  readonly at: number;
  readonly id: string;
  readonly tag: InterestTagRecord;
}

/**
 * One page of the tags: pinned first, then by the number of products, of equals by id.
 *
 * @throws {GatewayError} FORBIDDEN when hidden tags are asked for by somebody who may not edit them; BAD_USER_INPUT
 */
export function pageOfTags(tree: InterestTree, args: InterestTagsArgs, { role }: Principal): Page<PlacedTag> {
  const { first, after } = pageRequest('interestTags', args);
  const { includeHidden, search } = args;
  if (includeHidden && role !== 'MERCHANDISER' && role !== 'ADMIN')
    throw new GatewayError('FORBIDDEN', 'Expected staff to ask for hidden tags. Leave `includeHidden` out.');
  const text = (search ?? '').trim().toLowerCase();
  if (text.length > longestSearch)
    throw new GatewayError('BAD_USER_INPUT', `Expected \`search\` of at most ${longestSearch} characters.`);
  const placed = tree.tags
    .filter(tag => (includeHidden ? !tree.mergedInto.has(tag.id) : tree.isListed(tag)) && isFound(tag, text))
    .map(tag => ({ tag, id: tag.id, at: placeOf(tag, tree) }))
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
  message: 'Expected the id of a tag of this shop; interestTags lists them.',
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
    return invalid('names', 'Expected `locale` to be a language like en or zh; got something else.');
  if (name === null) return null;
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > longestName)
    return invalid('names', `Expected a name of 1 to ${longestName} characters.`);
  const other = tree.tags.find(
    tag => tag.id !== tagId && tree.isListed(tag) && isNamed(tag, language, trimmed),
  );
  if (other === undefined) return null;
  return invalid(
    'names',
    `Expected a name of its own; tag ${other.id} is called so. Merge the two, or choose another.`,
  );
}

/** Why an update cannot be kept; null when it can. */
export function checkTagUpdate(
  { tagId, names }: InterestTagUpdateInput,
  tree: InterestTree,
): UserError | null {
  if (tree.exactly(tagId) === undefined) return unknownTag('tagId');
  return (names ?? []).map(name => checkName(tagId, name, tree)).find(error => error !== null) ?? null;
}

/** Why two tags cannot be merged; null when they can. */
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
      'Expected a tag that is not merged yet. Undo that merge first: interestTagUnmerge.',
    );
  if (tree.membersOf(fromTagId).includes(into.id))
    return invalid('intoTagId', 'Expected another tag, neither part of the first nor merged into it.');
  const isWide = (tagId: string) => tree.childrenOf(tagId).length > 0;
  if (isWide(fromTagId) === isWide(into.id)) return null;
  return invalid('intoTagId', 'Expected two wide tags, or two without children; got one of each.');
}
