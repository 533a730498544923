import type {
  CampaignChannel,
  CampaignContact,
  CampaignDescription,
  CampaignOutcome,
  OfferDescription,
} from '../domain/campaign';
import { type CampaignId, type ShopId, toCampaignId } from '../domain/ids';
import type { Rng } from '../numeric/rng';
import { type Calendar, dayMs, timeWithin } from './calendar';
import { campaignEffects, upliftOf } from './campaignEffect';
import { type DemoProduct, kinds } from './catalogue';
import { chance, pick } from './draws';
import type { DemoConsent, Shopper } from './people';
import { demandOn } from './shelves';
import { streamOf } from './streams';
import { bilingual } from './tastes/taste';
import { tasteIndex, tastes } from './tastes/tastes';

/** A campaign written by hand; days count from the calendar's start. */
interface WrittenCampaign {
  readonly name: string;
  readonly channel: CampaignChannel;
  /** Ids of the tastes on offer. */
  readonly tastes: readonly string[];
  readonly day: number;
  readonly holdoutRate: number;
  readonly strength: number;
  readonly discounts: readonly number[];
}

const written: readonly WrittenCampaign[] = [
  {
    name: 'Weekend outdoors|周末去野',
    channel: 'EMAIL',
    tastes: ['camping', 'cycling'],
    day: 40,
    holdoutRate: 0.3,
    strength: 1,
    discounts: [0.1, 0.2],
  },
  {
    name: 'Tea and coffee hour|茶咖时光',
    channel: 'PUSH',
    tastes: ['tea', 'coffee'],
    day: 85,
    holdoutRate: 0.3,
    strength: 0.8,
    discounts: [0.1, 0.15],
  },
  {
    name: 'Fresh start at home|焕新家',
    channel: 'EMAIL',
    tastes: ['homeOffice', 'cooking', 'gardening'],
    day: 130,
    holdoutRate: 0.4,
    strength: 1.2,
    discounts: [0.15, 0.25],
  },
  {
    name: 'Little ones, furry ones|萌宝与毛孩',
    channel: 'SMS',
    tastes: ['babyCare', 'pets'],
    day: 180,
    holdoutRate: 0.3,
    strength: 1,
    discounts: [0.1, 0.2],
  },
  {
    name: 'Back on the court|重返球场',
    channel: 'PUSH',
    tastes: ['basketball', 'running', 'yoga'],
    day: 235,
    holdoutRate: 0.35,
    strength: 1.1,
    discounts: [0.12, 0.2],
  },
  {
    name: 'We have missed you|好久不见',
    channel: 'SMS',
    tastes: ['skincare', 'audio', 'photography'],
    day: 300,
    holdoutRate: 0.4,
    strength: 1.3,
    discounts: [0.2, 0.3],
  },
  {
    name: 'Members’ day|会员日',
    channel: 'ONSITE',
    tastes: ['gaming', 'coffee', 'skincare'],
    day: 361,
    holdoutRate: 0.25,
    strength: 1,
    discounts: [0.1, 0.15],
  },
  {
    name: 'New season preview|新季先看',
    channel: 'MAIL',
    tastes: ['gardening', 'camping'],
    day: 372,
    holdoutRate: 0.3,
    strength: 1,
    discounts: [0.1],
  },
];

/** Days after the contact within which a purchase counts. */
const windowDays = 7;
const lengthDays = 14;
const shareOfAudience = 0.6;
const productsPerOffer = 12;

/** The purchase of a campaign's conversion, which must also appear among the events. */
export interface CampaignPurchase {
  readonly shopper: number;
  readonly product: number;
  readonly startsAt: number;
}

/** Campaigns with their offers, contacts, outcomes and purchases. */
export interface DemoCampaigns {
  readonly campaigns: readonly CampaignDescription[];
  readonly offers: readonly OfferDescription[];
  readonly contacts: readonly CampaignContact[];
  readonly outcomes: readonly CampaignOutcome[];
  readonly purchases: readonly CampaignPurchase[];
  /** Multiplier of the segments' uplift. */
  readonly strengths: ReadonlyMap<CampaignId, number>;
}

/** Inputs of the generated campaigns. */
export interface CampaignSettings {
  readonly shopId: ShopId;
  readonly seed: number;
  readonly calendar: Calendar;
  readonly people: readonly Shopper[];
  readonly consents: readonly DemoConsent[];
  readonly catalogue: readonly DemoProduct[];
}

/** Generates eight campaigns: six completed, one running, one scheduled, each with a random hold-out. */
export function generateCampaigns(settings: CampaignSettings): DemoCampaigns {
  const refused = new Set(
    settings.consents
      .filter(({ purpose, granted }) => purpose === 'MARKETING' && !granted)
      .map(c => c.userId),
  );
  const audience = settings.people.filter(({ user }) => !refused.has(user.id));
  const runs = written.map((plan, index) => runCampaign(plan, index, { ...settings, audience }));
  return {
    campaigns: runs.map(run => run.campaign),
    offers: runs.flatMap(run => run.offers),
    contacts: runs.flatMap(run => run.contacted.map(({ contact }) => contact)),
    outcomes: runs.flatMap(run => run.contacted.flatMap(({ outcomes }) => outcomes)),
    purchases: runs.flatMap(run =>
      run.contacted.flatMap(({ purchase }) => (purchase === null ? [] : [purchase])),
    ),
    strengths: new Map(runs.map((run, index) => [run.campaign.id, written[index].strength])),
  };
}

interface CampaignContext extends CampaignSettings {
  readonly audience: readonly Shopper[];
}

function runCampaign(plan: WrittenCampaign, index: number, shared: CampaignContext) {
  const rng = streamOf(shared.seed, 'campaigns', index);
  const campaign = describe(plan, index, shared);
  const products = productsFor(plan, rng, shared.catalogue);
  const offers = plan.discounts.map((rate, at) => offerOf(campaign, { plan, rate, at, products, shared }));
  const hasBegun = plan.day < shared.calendar.days;
  const contacted = hasBegun
    ? shared.audience
        .filter(shopper => chance(rng, shareOfAudience) && shopper.joinDay < plan.day)
        .map(shopper => contactShopper(shopper, { campaign, offers, products, plan, shared, rng }))
    : [];
  return { campaign, offers, contacted };
}

function describe(
  plan: WrittenCampaign,
  index: number,
  { shopId, calendar }: CampaignContext,
): CampaignDescription {
  const startsAt = calendar.start + plan.day * dayMs;
  const name = bilingual(plan.name);
  const isOver = plan.day + lengthDays <= calendar.days;
  return {
    shopId,
    id: toCampaignId(`campaign-${index + 1}`),
    name: `${name.zh} · ${name.en}`,
    status: isOver ? 'COMPLETED' : plan.day < calendar.days ? 'RUNNING' : 'SCHEDULED',
    channel: plan.channel,
    budgetMinor: 2_000_000,
    holdoutRate: plan.holdoutRate,
    startsAt,
    endsAt: startsAt + lengthDays * dayMs,
    createdAt: Math.min(startsAt - 10 * dayMs, calendar.end),
    updatedAt: Math.min(startsAt, calendar.end),
  };
}

/** Popular products of the campaign's tastes on sale on its first day; of any taste when a tiny shop has none. */
function productsFor(plan: WrittenCampaign, rng: Rng, catalogue: readonly DemoProduct[]): readonly number[] {
  const wanted = new Set(plan.tastes.map(tasteIndex));
  const onSale = catalogue
    .map((entry, index) => ({ index, demand: demandOn(plan.day, entry), kind: kinds[entry.kind] }))
    .filter(({ demand }) => demand > 0)
    .sort((a, b) => b.demand - a.demand || a.index - b.index);
  const suitable = onSale.filter(({ kind }) => wanted.has(kind.taste));
  const chosen = (suitable.length > 0 ? suitable : onSale).slice(0, 3 * productsPerOffer);
  return rng.shuffle(chosen.map(({ index }) => index));
}

interface OfferContext {
  readonly plan: WrittenCampaign;
  readonly rate: number;
  readonly at: number;
  readonly products: readonly number[];
  readonly shared: CampaignContext;
}

function offerOf(
  campaign: CampaignDescription,
  { plan, rate, at, products, shared }: OfferContext,
): OfferDescription {
  const names = plan.tastes.map(id => tastes[tasteIndex(id)].name);
  const percent = Math.round(rate * 100);
  return {
    id: `${campaign.id}-offer-${at + 1}`,
    campaignId: campaign.id,
    title: `${names.map(name => name.zh).join('、')}立减${percent}% · ${percent}% off ${names.map(name => name.en).join(', ')}`,
    discountRate: rate,
    discountMinor: null,
    productIds: productsOfOffer(products, at, plan.discounts.length).map(
      index => shared.catalogue[index].product.id,
    ),
    costMinor: 30 + 20 * at,
  };
}

/** Distributes products over the offers round-robin; an offer that would get none has all of them. */
function productsOfOffer(products: readonly number[], at: number, offers: number): readonly number[] {
  const share = products.filter((_, i) => i % offers === at).slice(0, productsPerOffer);
  return share.length > 0 ? share : products;
}

interface ContactContext {
  readonly campaign: CampaignDescription;
  readonly offers: readonly OfferDescription[];
  readonly products: readonly number[];
  readonly plan: WrittenCampaign;
  readonly shared: CampaignContext;
  readonly rng: Rng;
}

/** Draws the arm of a contact and the shopper's response. */
function contactShopper(shopper: Shopper, context: ContactContext) {
  const { campaign, plan, shared, rng } = context;
  const isHeldOut = chance(rng, plan.holdoutRate);
  const offer = pick(rng, context.offers);
  const dayStart = shared.calendar.start + plan.day * dayMs;
  const contactedAt = timeWithin(rng, dayStart, shopper.zoneHours);
  const contact: CampaignContact = {
    campaignId: campaign.id,
    userId: shopper.user.id,
    offerId: isHeldOut ? null : offer.id,
    arm: isHeldOut ? 'HOLDOUT' : 'TREATMENT',
    propensity: isHeldOut ? plan.holdoutRate : 1 - plan.holdoutRate,
    contactedAt,
  };
  const purchase = drawPurchase(shopper, contact, context);
  return { contact, purchase, outcomes: outcomesOf(shopper, contact, { ...context, purchase }) };
}

function drawPurchase(
  shopper: Shopper,
  contact: CampaignContact,
  context: ContactContext,
): CampaignPurchase | null {
  const { rng, plan, shared, products } = context;
  const added = contact.arm === 'TREATMENT' ? upliftOf(shopper.segment, plan.strength) : 0;
  const hasBought = chance(rng, Math.max(0, campaignEffects[shopper.segment].baseline + added));
  const startsAt = contact.contactedAt + Math.floor((0.02 + rng.uniform() ** 2) * (windowDays - 1) * dayMs);
  const product = pick(rng, products);
  return hasBought && startsAt < shared.calendar.end ? { shopper: shopper.index, product, startsAt } : null;
}

const openRate = 0.45;
const clickRate = 0.3;
const visitRate = 0.1;

function outcomesOf(
  shopper: Shopper,
  contact: CampaignContact,
  { rng, shared, purchase }: ContactContext & { readonly purchase: CampaignPurchase | null },
): readonly CampaignOutcome[] {
  const minutes = (share: number) => contact.contactedAt + Math.floor(share * 600 * 60_000);
  const isTreated = contact.arm === 'TREATMENT';
  const hasOpened = isTreated && (chance(rng, openRate) || purchase !== null);
  const hasClicked = hasOpened && chance(rng, clickRate);
  const hasLeft = isTreated && chance(rng, shopper.segment === 'SLEEPING_DOG' ? 0.03 : 0.004);
  const hasVisited = purchase !== null || hasClicked || chance(rng, visitRate);
  const opensAt = minutes(0.01 + 0.9 * rng.uniform() ** 3);
  const outcome = (type: CampaignOutcome['type'], occurredAt: number, valueMinor: number | null = null) => ({
    id: `${contact.campaignId}-${shopper.index}-${type.toLowerCase()}`,
    campaignId: contact.campaignId,
    userId: contact.userId,
    type,
    valueMinor,
    occurredAt,
  });
  const boughtAt = purchase?.startsAt ?? opensAt + 120_000;
  const price = purchase === null ? null : shared.catalogue[purchase.product].product.priceMinor;
  return [
    ...(hasOpened ? [outcome('OPEN', Math.min(opensAt, boughtAt))] : []),
    ...(hasClicked ? [outcome('CLICK', Math.min(opensAt + 30_000, boughtAt))] : []),
    ...(hasVisited ? [outcome('VISIT', boughtAt)] : []),
    ...(purchase === null ? [] : [outcome('CONVERSION', boughtAt, price)]),
    ...(hasLeft ? [outcome('UNSUBSCRIBE', opensAt + 60_000)] : []),
  ].filter(({ occurredAt }) => occurredAt < shared.calendar.end);
}
