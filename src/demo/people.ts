import { type ShopId, toUserId } from '../domain/ids';
import { type Consent, consentPurposes, type User } from '../domain/user';
import type { Rng } from '../numeric/rng';
import { type Calendar, dayMs } from './calendar';
import { between, chance, cumulate, drawIndex, exponential, logNormal, pick } from './draws';
import { streamOf } from './streams';
import { tasteIndex, tastes } from './tastes/tastes';
import type { Language } from './words';

/** How a shopper responds to a campaign; see campaignEffect.ts. */
const segments = ['PERSUADABLE', 'SURE_THING', 'LOST_CAUSE', 'SLEEPING_DOG'] as const;
/** One of {@link segments}. */
export type Segment = (typeof segments)[number];

/** A taste that takes half of a shopper's attention from a day on. */
export interface Drift {
  readonly taste: number;
  readonly day: number;
}

/** A shopper with their latent attributes. */
export interface Shopper {
  readonly user: User;
  readonly index: number;
  readonly language: Language;
  /** Time zone, in hours east of UTC. */
  readonly zoneHours: number;
  /** Share of attention per taste, summing to 1; mostly zeros. */
  readonly tastes: Float64Array;
  readonly drift: Drift | null;
  /** Relative number of visits; log-normal. */
  readonly activity: number;
  /** Preferred price level: -0.5 = cheap, 0.5 = expensive (log of price over the kind's median). */
  readonly priceWish: number;
  /** Loss of utility per unit of distance from priceWish, 0.3-3. */
  readonly priceSensitivity: number;
  /** Favourite brand in each taste. */
  readonly brands: Uint8Array;
  /** Share of their visits that begin with a search. */
  readonly searchRate: number;
  readonly segment: Segment;
  /** Day of the calendar on which they joined; 0 when they joined before. */
  readonly joinDay: number;
}

/** A consent with its shopper. */
export interface DemoConsent extends Consent {
  readonly userId: User['id'];
}

/** Inputs of the generated shoppers. */
export interface PeopleSettings {
  readonly shopId: ShopId;
  readonly seed: number;
  readonly count: number;
  readonly calendar: Calendar;
}

const shareChinese = 0.6;
const shareJoinedInYear = 0.4;
const shareDrifting = 0.15;
/** Probability that a further taste is a neighbour of the first. */
const neighbourRate = 0.55;
const regions: Readonly<Record<Language, readonly string[]>> = {
  zh: ['华东', '华南', '华北', '西南', '华中', '东北', '西北'],
  en: ['North America', 'Western Europe', 'Southeast Asia', 'Oceania'],
};
const zones: Readonly<Record<Language, readonly number[]>> = { zh: [8], en: [-8, -5, -5, 0, 1, 8, 10] };
const ageBands = ['18-24', '25-34', '25-34', '35-44', '35-44', '45-54', '55+'];

/** Generates the shoppers of the demo shop. */
export function generatePeople(settings: PeopleSettings): readonly Shopper[] {
  return Array.from({ length: settings.count }, (_, index) => makeShopper(index, settings));
}

function makeShopper(index: number, settings: PeopleSettings): Shopper {
  const rng = streamOf(settings.seed, 'people', index);
  const language: Language = chance(rng, shareChinese) ? 'zh' : 'en';
  const joinDay = chance(rng, shareJoinedInYear) ? rng.int(settings.calendar.days - 1) : 0;
  const joinedAt = settings.calendar.start + (joinDay === 0 ? -1 - rng.int(900) : joinDay) * dayMs;
  const mixture = drawMixture(rng);
  const priceWish = 0.35 * rng.gaussian();
  const activity = logNormal(rng, 1, 0.85);
  return {
    user: describe(index, language, { rng, joinedAt, settings }),
    index,
    language,
    zoneHours: pick(rng, zones[language]),
    tastes: mixture,
    drift: drawDrift(rng, mixture, Math.max(joinDay + 30, 60), settings.calendar.days - 20),
    activity,
    priceWish,
    priceSensitivity: between(rng, 0.3, 3),
    brands: Uint8Array.from(tastes, taste => rng.int(taste.brands.length)),
    searchRate: between(rng, 0.1, 0.6),
    segment: drawSegment(rng, priceWish, activity),
    joinDay,
  };
}

function describe(
  index: number,
  language: Language,
  context: { readonly rng: Rng; readonly joinedAt: number; readonly settings: PeopleSettings },
): User {
  const { rng, joinedAt, settings } = context;
  return {
    shopId: settings.shopId,
    id: toUserId(`user-${10_001 + index}`),
    locale: language,
    attributes: {
      region: pick(rng, regions[language]),
      ageBand: pick(rng, ageBands),
      device: chance(rng, language === 'zh' ? 0.85 : 0.6) ? 'phone' : 'desktop',
      member: chance(rng, 0.3),
    },
    isStub: false,
    createdAt: joinedAt,
    updatedAt: joinedAt,
    deactivatedAt: null,
  };
}

const reach = cumulate(tastes.map(taste => taste.reach));

/** Draws one to four tastes, the first dominant, further ones often neighbours of the first. */
function drawMixture(rng: Rng): Float64Array {
  const mixture = new Float64Array(tastes.length);
  const first = drawIndex(rng, reach);
  const others = rng.int(4);
  mixture[first] = 1.5 + exponential(rng);
  for (let i = 0; i < others; i++) mixture[drawFurther(rng, first)] += 0.3 + exponential(rng);
  const total = mixture.reduce((sum, weight) => sum + weight, 0);
  return mixture.map(weight => weight / total);
}

function drawFurther(rng: Rng, first: number): number {
  if (!chance(rng, neighbourRate)) return drawIndex(rng, reach);
  return tasteIndex(pick(rng, tastes[first].neighbours));
}

function drawDrift(rng: Rng, mixture: Float64Array, from: number, to: number): Drift | null {
  const taste = drawIndex(rng, reach);
  const day = Math.floor(between(rng, from, to));
  const isNew = mixture[taste] === 0;
  return chance(rng, shareDrifting) && isNew && from < to ? { taste, day } : null;
}

/** Bargain hunters are persuadable more often, regulars are sure things more often, so that uplift can be learned. */
function drawSegment(rng: Rng, priceWish: number, activity: number): Segment {
  const isBargainHunter = priceWish < -0.1;
  const isRegular = activity > 1.4;
  const weights = [isBargainHunter ? 0.55 : 0.2, isRegular ? 0.45 : 0.15, isRegular ? 0.15 : 0.45, 0.15];
  return segments[drawIndex(rng, cumulate(weights))];
}

/** Writes the share of attention per taste on a day, including drift, to `out` and returns it. */
export function attentionOn(day: number, shopper: Shopper, out: Float64Array): Float64Array {
  out.set(shopper.tastes);
  if (shopper.drift !== null && day >= shopper.drift.day) {
    for (let i = 0; i < out.length; i++) out[i] *= 0.5;
    out[shopper.drift.taste] += 0.5;
  }
  return out;
}

const grantRates: Readonly<Record<Consent['purpose'], number>> = {
  PERSONALIZATION: 0.95,
  ANALYTICS: 0.9,
  MARKETING: 0.74,
};
const answerRate = 0.85;

/** Generates the shoppers' consents: most shoppers answered, and most of them consented. */
export function generateConsents(people: readonly Shopper[], seed: number): readonly DemoConsent[] {
  return people.flatMap(({ user, index }) => {
    const rng = streamOf(seed, 'people', index, 1);
    const hasAnswered = chance(rng, answerRate);
    const consentsOfUser = consentPurposes.map(purpose => chance(rng, grantRates[purpose]));
    if (!hasAnswered) return [];
    return consentPurposes.map((purpose, i) => ({
      userId: user.id,
      purpose,
      granted: consentsOfUser[i],
      source: 'sign-up form',
      updatedAt: user.createdAt,
    }));
  });
}
