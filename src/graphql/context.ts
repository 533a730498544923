import type DataLoader from 'dataloader';
import type { Campaign, Offer } from '../domain/campaign';
import { GatewayError } from '../domain/errors';
import type { CampaignId, ListId, ProductId, UserId } from '../domain/ids';
import type { InterestedUser, InterestProduct, WeightedTag } from '../domain/interest';
import type { RecommendationList } from '../domain/recommendation';
import type { Principal } from '../domain/role';
import type { Consent, User } from '../domain/user';
import type { ShopperInterests } from '../serving/interestTags/interests';
import type { InterestTree } from '../serving/interestTags/interestTree';
import type { WeightRequest } from '../store/ports/interest';
import type { Page } from '../store/ports/page';
import type { Shop } from '../store/ports/shop';
import {
  type ContactCounts,
  campaignByIdLoader,
  contactCountsByCampaignIdLoader,
  offersByCampaignIdLoader,
} from './campaign/campaign.loader';
import { consentsByUserIdLoader } from './consent/consent.loader';
import { type InteractionPageLoader, interactionsByUserIdLoader } from './interaction/interaction.loader';
import {
  audienceSizeByTagLoader,
  interestsByUserIdLoader,
  interestTagsByProductIdLoader,
  interestTreeOnce,
  type Once,
  once,
  productsByTagLoader,
  type TagLoader,
  usersByTagLoader,
} from './interestTag/interestTag.loader';
import type { LoaderScope } from './loaderScope';
import { productByIdLoader } from './product/product.loader';
import type { ProductType } from './product/product.type';
import { recommendationListByIdLoader } from './recommendation/recommendation.loader';
import type { GraphqlServices } from './services';
import { createShopDirectory, type ShopDirectory } from './shop/shop.loader';
import { userByIdLoader } from './user/user.loader';

/** Batched reads of one request: never shared between callers. */
export interface Loaders {
  readonly productById: DataLoader<ProductId, ProductType | null>;
  readonly userById: DataLoader<UserId, User | null>;
  readonly consentsByUserId: DataLoader<UserId, readonly Consent[]>;
  readonly interactionsByUserId: InteractionPageLoader;
  readonly recommendationListById: DataLoader<ListId, RecommendationList | null>;
  readonly campaignById: DataLoader<CampaignId, Campaign | null>;
  readonly offersByCampaignId: DataLoader<CampaignId, readonly Offer[]>;
  readonly contactCountsByCampaignId: DataLoader<CampaignId, ContactCounts>;
  readonly interestTree: Once<InterestTree>;
  readonly interestsByUserId: DataLoader<UserId, ShopperInterests>;
  readonly interestTagsByProductId: DataLoader<ProductId, readonly WeightedTag[]>;
  readonly usersByTag: TagLoader<WeightRequest, Page<InterestedUser>>;
  readonly productsByTag: TagLoader<WeightRequest, Page<InterestProduct>>;
  readonly audienceSizeByTag: TagLoader<number, number>;
  /** BCP 47 tag of the language of whoever asks: a shopper's own, else the shop's. */
  readonly viewerLocale: Once<string>;
}

/** What resolvers know of the request. Frozen: nothing that runs in it can change who is asking. */
export interface GraphqlContext {
  /** Who is asking. @throws {GatewayError} UNAUTHENTICATED when nobody was named */
  readonly principal: Principal;
  readonly isAnonymous: boolean;
  readonly services: GraphqlServices;
  readonly loaders: Loaders;
  /** The caller's shop. */
  readonly shop: () => Promise<Shop>;
  /** Instant of the request, milliseconds since the epoch. */
  readonly now: number;
  /** Names the request in logs and masked errors. */
  readonly requestId: string;
}

/** What a transport knows of a request. */
export interface RequestIdentity {
  readonly principal: Principal | null;
  /** Why there is no principal, when a credential was given. */
  readonly refusal: GatewayError | null;
  readonly requestId: string;
}

/** Makes the context of each request. */
export type ContextFactory = (identity: RequestIdentity) => GraphqlContext;

function createLoaders(scope: LoaderScope, { userId }: Principal, now: number): Loaders {
  const interestTree = interestTreeOnce(scope);
  const userById = userByIdLoader(scope);
  return {
    productById: productByIdLoader(scope),
    userById,
    consentsByUserId: consentsByUserIdLoader(scope),
    interactionsByUserId: interactionsByUserIdLoader(scope),
    recommendationListById: recommendationListByIdLoader(scope),
    campaignById: campaignByIdLoader(scope),
    offersByCampaignId: offersByCampaignIdLoader(scope),
    contactCountsByCampaignId: contactCountsByCampaignIdLoader(scope),
    interestTree,
    interestsByUserId: interestsByUserIdLoader(scope, interestTree, now),
    interestTagsByProductId: interestTagsByProductIdLoader(scope, interestTree),
    usersByTag: usersByTagLoader(scope, interestTree),
    productsByTag: productsByTagLoader(scope, interestTree),
    audienceSizeByTag: audienceSizeByTagLoader(scope, interestTree),
    viewerLocale: once(async () => {
      const user = userId === null ? null : await userById.load(userId);
      return user?.locale ?? (await scope.shop()).defaultLocale;
    }),
  };
}

const noCredential = (): GatewayError =>
  new GatewayError(
    'UNAUTHENTICATED',
    'Expected a credential; got none. Send `Authorization: Bearer <token or API key>`.',
  );

function contextOf(
  services: GraphqlServices,
  directory: ShopDirectory,
  identity: RequestIdentity,
): GraphqlContext {
  const who = identity.principal === null ? null : Object.freeze({ ...identity.principal });
  const principal = (): Principal => {
    if (who === null) throw identity.refusal ?? noCredential();
    return who;
  };
  const shop = () => directory(principal().shopId);
  const now = services.clock();
  let loaders: Loaders | undefined;
  // Apollo copies the context's own properties, which would ask the getters and thaw the rest: so it has none.
  return Object.create(
    Object.freeze({
      get principal() {
        return principal();
      },
      isAnonymous: who === null,
      services,
      get loaders() {
        loaders ??= createLoaders({ services, shopId: principal().shopId, shop }, principal(), now);
        return loaders;
      },
      shop,
      now,
      requestId: identity.requestId,
    } satisfies GraphqlContext),
  ) as GraphqlContext;
}

/** Shops are remembered between requests; everything else belongs to one. */
export function createContextFactory(services: GraphqlServices): ContextFactory {
  const directory = createShopDirectory(services.stores.shops, services.clock);
  return identity => contextOf(services, directory, identity);
}
