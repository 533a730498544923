import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import {
  audienceSize,
  type CampaignAudience,
  campaignAudience,
  eligibleShopper,
} from '../../campaigns/audience/eligibleShoppers';
import { nextContact, timeZoneOf } from '../../campaigns/audience/nextContact';
import type { InputProblem } from '../../domain/audience';
import type { Campaign } from '../../domain/campaign';
import { launchProblems } from '../../domain/campaignProblems';
import { toUserId } from '../../domain/ids';
import type { EligibleShopper } from '../../store/ports/audience';
import { AuditEntryConnection, type AuditEntryType, toAuditEntryView } from '../audit/audit.type';
import { CostWeight } from '../limits/costWeight';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import type { GraphqlContext } from '../request/context';
import { CampaignAudienceSizeType, CampaignProblemType, CampaignShopperType } from './audience.type';
import { campaignTagsLoader, offersByCampaignIdLoader } from './campaign.loader';
import { CampaignType } from './campaign.type';

const toProblemView = ({ path, message }: InputProblem): CampaignProblemType => ({ field: path, message });

async function audienceOf(campaign: Campaign, { loader, now }: GraphqlContext): Promise<CampaignAudience> {
  const tags = await loader(campaignTagsLoader).load();
  // No model of responses is served yet.
  return campaignAudience(campaign, { tags, responders: null }, now);
}

/** Longest frequency cap. */
const maxCapMs = 365 * 86_400_000;

async function shopperView(
  campaign: Campaign,
  shopper: EligibleShopper,
  { services, principal, now }: GraphqlContext,
): Promise<CampaignShopperType> {
  const { stores, recommender } = services;
  const [policy, contactedAt] = await Promise.all([
    recommender.policyOf(principal.shopId),
    stores.campaigns.contactTimesOf(principal.shopId, shopper.userId, {
      from: now - maxCapMs,
      to: now + maxCapMs,
    }),
  ]);
  const timeZone = timeZoneOf(shopper.attributes, policy);
  const nextContactAt = nextContact(campaign, policy, { timeZone, contactedAt, now });
  return { isEligible: true, channels: shopper.channels, timeZone, nextContactAt };
}

/** Resolvers of whom a campaign may address, and of its record. */
@Resolver(() => CampaignType)
export class CampaignAudienceResolver {
  @CostWeight(50)
  @FieldResolver(() => CampaignAudienceSizeType, {
    description: 'Estimate of the number of shoppers whom it may address now.',
  })
  async audienceSize(
    @Root() { campaign }: CampaignType,
    @Ctx() context: GraphqlContext,
  ): Promise<CampaignAudienceSizeType> {
    const { request, problem } = await audienceOf(campaign, context);
    const unknown = { count: null, low: null, high: null, contactable: null };
    if (request === null) return { ...unknown, problem: toProblemView(problem) };
    const { services, principal } = context;
    return { ...(await audienceSize(services.stores.audiences, principal.shopId, request)), problem: null };
  }

  @CostWeight(10)
  @FieldResolver(() => CampaignShopperType, {
    nullable: true,
    description: 'What holds for one shopper. Null when the audience is unknown; `audienceSize` says why.',
  })
  async shopper(
    @Root() { campaign }: CampaignType,
    @Arg('userId', () => ID, { description: "Id of the shopper in the shop's own system." }) userId: string,
    @Ctx() context: GraphqlContext,
  ): Promise<CampaignShopperType | null> {
    const { services, principal } = context;
    const { request } = await audienceOf(campaign, context);
    if (request === null) return null;
    const store = services.stores.audiences;
    const shopper = await eligibleShopper(store, principal.shopId, toUserId(userId), request);
    if (shopper !== null) return shopperView(campaign, shopper, context);
    const { campaigns } = await services.recommender.policyOf(principal.shopId);
    return { isEligible: false, channels: [], timeZone: campaigns.timeZone, nextContactAt: null };
  }

  @FieldResolver(() => [CampaignProblemType], {
    description: 'What it lacks to be launched. Empty when nothing.',
  })
  async launchProblems(
    @Root() { campaign, offersOfPreview }: CampaignType,
    @Ctx() { loader, now }: GraphqlContext,
  ): Promise<readonly CampaignProblemType[]> {
    const offers = offersOfPreview ?? (await loader(offersByCampaignIdLoader).load(campaign.id));
    return launchProblems({ campaign, offers }, now).map(toProblemView);
  }

  @CostWeight(5)
  @FieldResolver(() => AuditEntryConnection, { description: 'Changes of the campaign, newest first.' })
  async auditTrail(
    @Root() { campaignId }: CampaignType,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<Connection<AuditEntryType>> {
    const request = pageRequest('audit', args);
    const subject = { subjectKind: 'CAMPAIGN', subjectId: campaignId } as const;
    return toConnection({
      kind: 'audit',
      page: await services.stores.audit.pageOf(principal.shopId, subject, request),
      isFirstPage: request.after === undefined,
      cursorOf: ({ occurredAt, id }) => ({ at: occurredAt, id }),
      nodeOf: toAuditEntryView,
    });
  }
}
