import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { toCampaignId } from '../../domain/ids';
import type { GraphqlContext } from '../context';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import { ProductType } from '../product/product.type';
import type { ContactCounts } from './campaign.loader';
import {
  CampaignConnection,
  CampaignContactCounts,
  CampaignType,
  OfferType,
  toCampaignView,
  toOfferView,
} from './campaign.type';

/** Campaigns. */
@Resolver(() => CampaignType)
export class CampaignResolver {
  @Query(() => CampaignType, {
    nullable: true,
    description: 'A campaign; null when the shop has none of this id.',
  })
  async campaign(
    @Arg('campaignId', () => ID, { description: "The shop's own id." }) campaignId: string,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<CampaignType | null> {
    const campaign = await loaders.campaignById.load(toCampaignId(campaignId));
    return campaign === null ? null : toCampaignView(campaign);
  }

  @Query(() => CampaignConnection, { description: "The shop's campaigns, oldest first." })
  async campaigns(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { services, principal }: GraphqlContext,
  ): Promise<Connection<CampaignType>> {
    const request = pageRequest('campaigns', args);
    return toConnection({
      kind: 'campaigns',
      page: await services.stores.campaigns.page(principal.shopId, request),
      isFirstPage: request.after === undefined,
      cursorOf: ({ createdAt, id }) => ({ at: createdAt, id }),
      nodeOf: toCampaignView,
    });
  }

  @FieldResolver(() => [OfferType], { description: 'What it offers.' })
  async offers(
    @Root() { campaignId }: CampaignType,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<readonly OfferType[]> {
    return (await loaders.offersByCampaignId.load(campaignId)).map(toOfferView);
  }

  @FieldResolver(() => CampaignContactCounts, { description: 'How many shoppers are in each arm.' })
  contactCounts(
    @Root() { campaignId }: CampaignType,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<ContactCounts> {
    return loaders.contactCountsByCampaignId.load(campaignId);
  }
}

/** What hangs on an offer. */
@Resolver(() => OfferType)
export class OfferResolver {
  @FieldResolver(() => [ProductType], { description: 'Products it is for; unknown ones are left out.' })
  async products(
    @Root() { productIds }: OfferType,
    @Ctx() { loaders }: GraphqlContext,
  ): Promise<readonly ProductType[]> {
    const found = await Promise.all(productIds.map(id => loaders.productById.load(id)));
    return found.filter(product => product !== null);
  }
}
