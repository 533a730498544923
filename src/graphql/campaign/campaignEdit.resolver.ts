import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import {
  type CampaignRefusal,
  campaignStep,
  createCampaign,
  type EditContext,
  type EditOutcome,
  type EditRequest,
  updateCampaign,
} from '../../campaigns/lifecycle/editCampaign';
import type { InputProblem } from '../../domain/audience';
import type { CampaignStatus } from '../../domain/campaign';
import { toCampaignId } from '../../domain/ids';
import { checkInputIds } from '../errors/checkInputIds';
import { UserError } from '../errors/userError.type';
import type { GraphqlContext } from '../request/context';
import {
  CampaignCreateInput,
  CampaignStepInput,
  CampaignUpdateInput,
  readChange,
  unsetFields,
} from './campaign.input';
import { CampaignType, toEditedView } from './campaign.type';

/** Result of an edit of a campaign. */
@ObjectType({ simpleResolvers: true, description: 'Result of an edit of a campaign.' })
class CampaignEditPayload {
  @Field(() => CampaignType, {
    nullable: true,
    description:
      'The campaign after the edit, or as it would be for a preview. Null when the edit was refused.',
  })
  readonly campaign!: CampaignType | null;

  @Field(() => [UserError], { description: 'Every reason why nothing was changed. Empty when it was.' })
  readonly userErrors!: readonly UserError[];
}

const toUserError = ({ path, message, code }: CampaignRefusal): UserError => ({
  field: ['input', ...path],
  message,
  code,
});

const invalid = (problems: readonly InputProblem[]): CampaignEditPayload => ({
  campaign: null,
  userErrors: problems.map(problem => toUserError({ ...problem, code: 'INVALID' })),
});

function toPayload({ edited, refusals }: EditOutcome): CampaignEditPayload {
  if (edited === null) return { campaign: null, userErrors: refusals.map(toUserError) };
  return { campaign: toEditedView(edited), userErrors: [] };
}

async function editContext({ services, principal, now }: GraphqlContext): Promise<EditContext> {
  const policy = await services.recommender.policyOf(principal.shopId);
  return { store: services.stores.campaigns, principal, policy, now, newId: services.newId };
}

/** Returns the first id that no campaign or offer may have. */
function wrongId(
  campaignId: string | null | undefined,
  offers: CampaignUpdateInput['offers'],
): UserError | null {
  const own = typeof campaignId === 'string' ? checkInputIds({ campaignId }) : null;
  if (own !== null) return own;
  for (const [place, { offerId }] of (offers ?? []).entries()) {
    const problem = typeof offerId === 'string' ? checkInputIds({ offerId }) : null;
    if (problem !== null) return { ...problem, field: ['input', 'offers', String(place), 'offerId'] };
  }
  return null;
}

async function create(input: CampaignCreateInput, context: GraphqlContext): Promise<CampaignEditPayload> {
  const { newId } = context.services;
  const problem = wrongId(input.campaignId, input.offers);
  if (problem !== null) return { campaign: null, userErrors: [problem] };
  const id = toCampaignId(input.campaignId ?? newId());
  const { change, problems } = readChange(input, id, newId);
  if (change === null) return invalid(problems);
  const { name, objective, channels } = input;
  const fields = { name, objective, channels, ...unsetFields, ...change };
  const request = { id, action: 'campaignCreate', isPreview: input.preview, version: null };
  return toPayload(await createCampaign(request, fields, await editContext(context)));
}

async function update(input: CampaignUpdateInput, context: GraphqlContext): Promise<CampaignEditPayload> {
  const problem = wrongId(null, input.offers);
  if (problem !== null) return { campaign: null, userErrors: [problem] };
  const id = toCampaignId(input.campaignId);
  const { change, problems } = readChange(input, id, context.services.newId);
  if (change === null) return invalid(problems);
  const { preview: isPreview, version } = input;
  const request = { id, action: 'campaignUpdate', isPreview, version };
  return toPayload(await updateCampaign(request, change, await editContext(context)));
}

async function step(
  { campaignId, version, preview: isPreview }: CampaignStepInput,
  [action, to]: readonly [action: string, to: CampaignStatus],
  context: GraphqlContext,
): Promise<CampaignEditPayload> {
  const request: EditRequest = { id: toCampaignId(campaignId), action, isPreview, version: version ?? null };
  return toPayload(await campaignStep(request, to, await editContext(context)));
}

/** Resolvers of edits of campaigns. Each is recorded in the audit trail of the campaign. */
@Resolver()
export class CampaignEditResolver {
  @Mutation(() => CampaignEditPayload, {
    description: 'Creates a campaign as a draft. A draft may lack what `launchProblems` lists.',
  })
  campaignCreate(
    @Arg('input', () => CampaignCreateInput, { description: 'The campaign.' }) input: CampaignCreateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CampaignEditPayload> {
    return create(input, context);
  }

  @Mutation(() => CampaignEditPayload, {
    description:
      'Changes a campaign. Once it runs, only its name, budget, end, frequency cap, quiet hours and sending windows may change.',
  })
  campaignUpdate(
    @Arg('input', () => CampaignUpdateInput, { description: 'The changes.' }) input: CampaignUpdateInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CampaignEditPayload> {
    return update(input, context);
  }

  @Mutation(() => CampaignEditPayload, {
    description: 'Interrupts a running campaign: nobody is contacted until `campaignResume`.',
  })
  campaignPause(
    @Arg('input', () => CampaignStepInput, { description: 'The campaign.' }) input: CampaignStepInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CampaignEditPayload> {
    return step(input, ['campaignPause', 'PAUSED'], context);
  }

  @Mutation(() => CampaignEditPayload, { description: 'Continues a paused campaign whose end is not past.' })
  async campaignResume(
    @Arg('input', () => CampaignStepInput, { description: 'The campaign.' }) input: CampaignStepInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CampaignEditPayload> {
    return step(input, ['campaignResume', 'RUNNING'], context);
  }

  @Mutation(() => CampaignEditPayload, {
    description: 'Ends a campaign for good, whatever it has reached. Contacts that were made stay.',
  })
  campaignCancel(
    @Arg('input', () => CampaignStepInput, { description: 'The campaign.' }) input: CampaignStepInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CampaignEditPayload> {
    return step(input, ['campaignCancel', 'CANCELLED'], context);
  }
}
