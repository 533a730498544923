import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { campaignReport } from '../../campaigns/report/campaignReport';
import { toCampaignId } from '../../domain/ids';
import { CostWeight } from '../limits/costWeight';
import type { GraphqlContext } from '../request/context';
import { campaignByIdLoader, offersByCampaignIdLoader } from './campaign.loader';
import { CampaignReportType, toCampaignReportView } from './campaignReport.type';

/** Resolvers of what campaigns brought. */
@Resolver()
export class CampaignReportResolver {
  @CostWeight(50)
  @Query(() => CampaignReportType, {
    nullable: true,
    description:
      'Measures what a campaign brought so far; also one that was imported with its contacts and outcomes. Null when the shop has none with this id.',
  })
  async campaignReport(
    @Arg('campaignId', () => ID, { description: "Id in the shop's own system." }) campaignId: string,
    @Ctx() { loader, services, principal, now }: GraphqlContext,
  ): Promise<CampaignReportType | null> {
    const campaign = await loader(campaignByIdLoader).load(toCampaignId(campaignId));
    if (campaign === null) return null;
    const offers = await loader(offersByCampaignIdLoader).load(campaign.id);
    const { attributionWindowDays } = await services.recommender.policyOf(principal.shopId);
    const sources = { units: services.stores.campaignUnits, windowDays: attributionWindowDays };
    return toCampaignReportView(await campaignReport(campaign, offers, sources), now);
  }
}
