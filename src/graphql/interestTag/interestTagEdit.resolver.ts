import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { InterestTagEdit } from '../../domain/interest';
import { createInterestTree, type InterestTree } from '../../serving/interestTags/interestTree';
import type { TagChange } from '../../store/ports/interest';
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

/** Result of an edit of a tag. */
@ObjectType({ simpleResolvers: true, description: 'Result of an edit of a tag.' })
class InterestTagEditPayload {
  @Field(() => InterestTagType, {
    nullable: true,
    description:
      'The tag after the edit. After a merge, the tag that was merged into. Null when nothing was changed.',
  })
  readonly tag!: InterestTagType | null;

  @Field(() => [UserError], { description: 'Why nothing was changed. Empty when the tag was changed.' })
  readonly userErrors!: readonly UserError[];
}

/** What becomes of a request to edit a tag: the edit and the tag to return, or why there is none. */
type Decision = (TagChange & { readonly returnedId: string }) | UserError;

/** Stores the edit that fits the tags as they are now, and returns a tag as it is afterwards. */
async function applyEdit(
  { services, principal, loader, now }: GraphqlContext,
  decide: (tree: InterestTree) => Decision,
): Promise<InterestTagEditPayload> {
  const made: { decision: Decision | null } = { decision: null };
  await services.stores.interests.editTag(
    principal.shopId,
    tags => {
      made.decision = decide(createInterestTree(tags));
      return 'tagId' in made.decision ? made.decision : null;
    },
    now,
  );
  const { decision } = made;
  if (decision === null || !('tagId' in decision))
    return { tag: null, userErrors: decision ? [decision] : [] };
  loader(interestTreeLoader).clear();
  const tree = await loader(interestTreeLoader).load();
  const tag = tree.exactly(decision.returnedId);
  return { tag: tag === undefined ? null : toInterestTagView(tag, tree), userErrors: [] };
}

function decideUpdate(input: InterestTagUpdateInput, tree: InterestTree): Decision {
  const { tagId } = input;
  return checkTagUpdate(input, tree) ?? { tagId, edit: toEdit(input), returnedId: tagId };
}

function decideMerge(input: InterestTagMergeInput, tree: InterestTree): Decision {
  const problem = checkTagMerge(input, tree);
  if (problem !== null) return problem;
  const mergedIntoId = tree.find(input.intoTagId)?.id ?? input.intoTagId;
  return { tagId: input.fromTagId, edit: { mergedIntoId }, returnedId: mergedIntoId };
}

function decideUnmerge(tagId: string, tree: InterestTree): Decision {
  if (tree.mergedInto.has(tagId)) return { tagId, edit: { mergedIntoId: null }, returnedId: tagId };
  const message =
    'Expected the id of a tag that is merged into another; got a tag that is not merged. `mergedTags` lists merged tags.';
  return { field: ['tagId'], message, code: 'NOT_FOUND' };
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

/** Resolvers of tag edits. Later trainings keep the edits. */
@Resolver()
export class InterestTagEditResolver {
  @Mutation(() => InterestTagEditPayload, {
    description: 'Renames, hides, shows, pins or unpins a tag. Later trainings keep the edit.',
  })
  async interestTagUpdate(
    @Arg('input', () => InterestTagUpdateInput, { description: 'The changes to the tag.' })
    input: InterestTagUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagEditPayload> {
    return applyEdit(context, tree => decideUpdate(input, tree));
  }

  @Mutation(() => InterestTagEditPayload, {
    description:
      'Merges one tag into another. Shoppers and products of both then belong to the second, and queries for the first id return the second tag. Later trainings keep the merge; `interestTagUnmerge` undoes it.',
  })
  async interestTagMerge(
    @Arg('input', () => InterestTagMergeInput, { description: 'The two tags.' }) input: InterestTagMergeInput,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagEditPayload> {
    return applyEdit(context, tree => decideMerge(input, tree));
  }

  @Mutation(() => InterestTagEditPayload, {
    description: 'Undoes a merge. Both tags are then as if they had never been merged.',
  })
  async interestTagUnmerge(
    @Arg('tagId', () => ID, { description: '`tagId` of the tag that was merged into another.' })
    tagId: string,
    @Ctx() context: GraphqlContext,
  ): Promise<InterestTagEditPayload> {
    return applyEdit(context, tree => decideUnmerge(tagId, tree));
  }
}
