import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { toCampaignId } from '../../domain/ids';
import { type Connection, toConnection } from '../paging/connection';
import { PageArgs, pageRequest } from '../paging/pageArgs';
import { productByIdLoader } from '../product/product.loader';
import { ProductType } from '../product/product.type';
import type { GraphqlContext } from '../request/context';
import type { ContactCounts } from './campaign.loader';
import {
  campaignByIdLoader,
  contactCountsByCampaignIdLoader,
  offersByCampaignIdLoader,
} from './campaign.loader';
import {
  CampaignConnection,
  CampaignContactCounts,
  CampaignType,
  OfferType,
  toCampaignView,
  toOfferView,
} from './campaign.type';

/** Resolvers of campaigns. */
@Resolver(() => CampaignType)
export class CampaignResolver {
  @Query(() => CampaignType, {
    nullable: true,
    description: 'Returns a campaign. Null when the shop has none with this id.',
  })
  async campaign(
    @Arg('campaignId', () => ID, { description: "Id in the shop's own system." }) campaignId: string,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<CampaignType | null> {
    const campaign = await loader(campaignByIdLoader).load(toCampaignId(campaignId));
    return campaign === null ? null : toCampaignView(campaign);
  }

  @Query(() => CampaignConnection, { description: 'Campaigns of the shop, oldest first.' })
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

  @FieldResolver(() => [OfferType], { description: 'Offers of the campaign.' })
  async offers(
    @Root() { campaignId, offersOfPreview }: CampaignType,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<readonly OfferType[]> {
    return (offersOfPreview ?? (await loader(offersByCampaignIdLoader).load(campaignId))).map(toOfferView);
  }

  @FieldResolver(() => CampaignContactCounts, { description: 'Number of shoppers per arm.' })
  contactCounts(
    @Root() { campaignId }: CampaignType,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<ContactCounts> {
    return loader(contactCountsByCampaignIdLoader).load(campaignId);
  }
}

/** Resolvers of the fields of an offer. */
@Resolver(() => OfferType)
export class OfferResolver {
  @FieldResolver(() => [ProductType], {
    description: 'Products that the offer applies to, without unknown ones.',
  })
  async products(
    @Root() { productIds }: OfferType,
    @Ctx() { loader }: GraphqlContext,
  ): Promise<readonly ProductType[]> {
    const found = await Promise.all(productIds.map(id => loader(productByIdLoader).load(id)));
    return found.filter(product => product !== null);
  }
}
