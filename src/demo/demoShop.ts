import type {
  CampaignContact,
  CampaignDescription,
  CampaignOutcome,
  OfferDescription,
} from '../domain/campaign';
import { type ShopId, toShopId } from '../domain/ids';
import type { Interaction } from '../domain/interaction';
import type { Product } from '../domain/product';
import type { Follow, SocialPost, SocialReaction } from '../domain/social';
import type { User } from '../domain/user';
import { type Calendar, calendarUntil } from './calendar';
import { generateCampaigns } from './campaigns';
import { generateCatalogue } from './catalogue';
import { generateEvents } from './events';
import { type GroundTruth, groundTruthOf } from './groundTruth';
import { type DemoConsent, generateConsents, generatePeople } from './people';
import { generatePosts } from './posts';
import { generateTies } from './ties';
import { planVisits } from './visits';

/** Id of the demo shop. */
export const demoShopId = toShopId('demo');

/** Inputs of the demo shop: equal settings give equal bytes. */
export interface DemoShopSettings {
  /** An integer. */
  readonly seed: number;
  /** Multiplies users, products and events; at least 0.05, 1 = 2,000 users, 1,500 products, about 150,000 events. */
  readonly scale: number;
  /** Milliseconds since the epoch: the simulated year ends at the last full hour before. */
  readonly now: number;
  /** Default: CNY. */
  readonly currency?: 'CNY' | 'USD';
}

/** A synthetic bilingual shop with known latent structure. */
export interface DemoShop {
  readonly shop: {
    readonly id: ShopId;
    readonly name: string;
    readonly defaultLocale: string;
    readonly currency: 'CNY' | 'USD';
  };
  readonly calendar: Calendar;
  readonly products: readonly Product[];
  readonly users: readonly User[];
  readonly consents: readonly DemoConsent[];
  readonly follows: readonly Follow[];
  readonly posts: readonly SocialPost[];
  readonly reactions: readonly SocialReaction[];
  readonly campaigns: readonly CampaignDescription[];
  readonly offers: readonly OfferDescription[];
  readonly contacts: readonly CampaignContact[];
  readonly outcomes: readonly CampaignOutcome[];
  /** Approximate number of events, for progress bars. */
  readonly expectedEvents: number;
  readonly groundTruth: GroundTruth;
  /** All events in time order, one batch per day; every call starts again and yields the same events. */
  events(): Generator<readonly Interaction[], void, undefined>;
}

/** Below this scale some tastes would have no product on sale. */
const minScale = 0.05;
const baseUsers = 2_000;
const baseProducts = 1_500;
const baseVisits = 20_500;
const eventsPerVisit = 7.3;

/**
 * Generates the demo shop.
 *
 * @throws {RangeError} unless seed is an integer and scale at least 0.05
 */
export function generateDemoShop(settings: DemoShopSettings): DemoShop {
  const { seed, scale, now, currency = 'CNY' } = settings;
  if (!(scale >= minScale && Number.isFinite(scale))) {
    throw new RangeError(`Expected a scale of at least ${minScale}; got ${scale}.`);
  }
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Expected a whole number as the seed; got ${seed}.`);
  const shopId = demoShopId;
  const calendar = calendarUntil(now);
  const shared = { shopId, seed, calendar };
  const catalogue = generateCatalogue({ ...shared, count: Math.ceil(baseProducts * scale), currency });
  const people = generatePeople({ ...shared, count: Math.ceil(baseUsers * scale) });
  const consents = generateConsents(people, seed);
  const ties = generateTies(people, seed, calendar);
  const social = generatePosts({ seed, calendar, people, ties, catalogue });
  const promotion = generateCampaigns({ ...shared, people, consents, catalogue });
  const visits = Math.ceil(baseVisits * scale);
  const plan = planVisits({ seed, calendar, people, visits, purchases: promotion.purchases });
  return {
    shop: { id: shopId, name: '拾光集 · Everyday Finds', defaultLocale: 'zh', currency },
    calendar,
    products: catalogue.map(({ product }) => product),
    users: people.map(({ user }) => user),
    consents,
    follows: ties.follows,
    posts: social.posts,
    reactions: social.reactions,
    campaigns: promotion.campaigns,
    offers: promotion.offers,
    contacts: promotion.contacts,
    outcomes: promotion.outcomes,
    expectedEvents: Math.round(visits * eventsPerVisit),
    groundTruth: groundTruthOf({
      people,
      catalogue,
      strengths: promotion.strengths,
      sentiments: social.sentiments,
    }),
    events: () => generateEvents({ ...shared, people, catalogue, followees: ties.followees, plan }),
  };
}
