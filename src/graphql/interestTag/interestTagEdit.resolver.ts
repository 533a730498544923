import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { InterestTagEdit } from '../../domain/interest';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import {
  checkTagMerge,
  checkTagUpdate,
  InterestTagMergeInput,
  InterestTagUpdateInput,
  languageOf,
} from './interestTag.input';
import { interestTreeLoader } from './interestTag.loader';
import { InterestTagType, toInterestTagView } from './interestTag.type';

/** What became of an edit. */
@ObjectType({ simpleResolvers: true, description: 'What became of an edit of a tag.' })
class InterestTagEditPayload {
  @Field(() => InterestTagType, {
    nullable: true,
    description:
      'The tag as it now stands (of a merge: the one that was merged into); null when nothing was changed.',
  })
  readonly tag!: InterestTagType | null;

  @Field(() => [UserError], { description: 'Why nothing was changed.' })
  readonly userErrors!: readonly UserError[];
}

const refused = (userError: UserError): InterestTagEditPayload => ({ tag: null, userErrors: [userError] });

/** Keeps an edit and shows a tag as it is afterwards. */
async function keep(
  { services, principal, loader, now }: GraphqlContext,
  tagId: string,
  edit: InterestTagEdit,
  shownId = tagId,
): Promise<InterestTagEditPayload> {
  await services.stores.interests.editTag(principal.shopId, tagId, edit, now);
  loader(interestTreeLoader).clear();
  const tree = await loader(interestTreeLoader).load();
  const tag = tree.exactly(shownId);
  return { tag: tag === undefined ? null : toInterestTagView(tag, tree), userErrors: [] };
}

function toEdit({ names, isHidden, isPinned }: InterestTagUpdateInput): InterestTagEdit {
  const entries = (names ?? []).map(
    ({ locale, name }) => [languageOf(locale), name?.trim() ?? null] as const,
  );
  return {
    ...(entries.length > 0 && { names: Object.fromEntries(entries) }),
    ...(isHidden != null && { isHidden }),
    ...(isPinned != null && { isPinned }),
  };
}

/** Edits of tags: they survive trainings. */
@Resolver()
export class InterestTagEditResolver {
  @Mutation(() => InterestTagEditPayload, {
    description: 'Renames, hides, shows, pins or unpins a tag. It stays so over trainings.',
  })
  async interestTagUpdate(
    @Arg('input', () => InterestTagUpdateInput, { description: 'The changes.' })
    input: InterestTagUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagEditPayload> {
    const problem = checkTagUpdate(input, await context.loader(interestTreeLoader).load());
    return problem === null ? keep(context, input.tagId, toEdit(input)) : refused(problem);
  }

  @Mutation(() => InterestTagEditPayload, {
    description:
      'Merges a tag into another: shoppers and products of both count as of the second, and its id leads there. It stays so over trainings; interestTagUnmerge undoes it.',
  })
  async interestTagMerge(
    @Arg('input', () => InterestTagMergeInput, { description: 'The tags.' }) input: InterestTagMergeInput,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagEditPayload> {
    const tree = await context.loader(interestTreeLoader).load();
    const problem = checkTagMerge(input, tree);
    if (problem !== null) return refused(problem);
    const mergedIntoId = tree.find(input.intoTagId)?.id ?? input.intoTagId;
    return keep(context, input.fromTagId, { mergedIntoId }, mergedIntoId);
  }

  @Mutation(() => InterestTagEditPayload, {
    description: 'Undoes a merge: both tags are again what they would be without it.',
  })
  async interestTagUnmerge(
    @Arg('tagId', () => ID, { description: 'The tag that was merged into another.' }) tagId: string,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagEditPayload> {
    const tree = await context.loader(interestTreeLoader).load();
    if (tree.mergedInto.has(tagId)) return keep(context, tagId, { mergedIntoId: null });
    const message = 'Expected the id of a tag that is merged into another; `mergedTags` lists those.';
    return refused({ field: ['tagId'], message, code: 'NOT_FOUND' });
  }
}
