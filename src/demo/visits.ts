import type { Rng } from '../numeric/rng';
import { type Calendar, dailyTraffic, dayMs, monthOf, timeWithin } from './calendar';
import type { CampaignPurchase } from './campaigns';
import { chance, cumulate, drawIndex } from './draws';
import { attentionOn, type Shopper } from './people';
import { streamOf } from './streams';
import { tastes } from './tastes/tastes';

/** All visits in time order, as columns. */
export interface VisitPlan {
  readonly length: number;
  readonly shopper: Uint32Array;
  /** Index of the visit among the shopper's visits. */
  readonly visit: Uint32Array;
  /** Milliseconds since the epoch. */
  readonly startsAt: Float64Array;
  /** Product of a campaign's purchase; -1: an ordinary visit. */
  readonly product: Int32Array;
}

/** Inputs of the plan. */
export interface PlanSettings {
  readonly seed: number;
  readonly calendar: Calendar;
  readonly people: readonly Shopper[];
  /** Total number of ordinary visits. */
  readonly visits: number;
  readonly purchases: readonly CampaignPurchase[];
}

interface PlannedVisit {
  readonly startsAt: number;
  readonly product: number;
}

/** Distributes visits over shoppers by activity, and over the year by traffic and the season of each shopper's tastes. */
export function planVisits(settings: PlanSettings): VisitPlan {
  const { people, calendar } = settings;
  const traffic = dailyTraffic(calendar);
  const months = Uint8Array.from(traffic, (_, day) => monthOf(calendar.start + day * dayMs + dayMs / 2));
  const shares = people.map(shopper => shopper.activity * (1 - shopper.joinDay / calendar.days));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const bought: PlannedVisit[][] = people.map(() => []);
  for (const { shopper, startsAt, product } of settings.purchases)
    bought[shopper].push({ startsAt, product });
  const planned = people.map((shopper, index) => {
    const rng = streamOf(settings.seed, 'visits', index);
    const count = Math.max(1, Math.round((settings.visits * shares[index]) / total));
    const sums = cumulate(traffic.map((weight, day) => (day < shopper.joinDay ? 0 : weight)));
    const ordinary = Array.from({ length: count }, () => ({
      startsAt: drawStart(rng, shopper, { calendar, sums, months }),
      product: -1,
    }));
    return [...ordinary, ...bought[index]]
      .filter(({ startsAt }) => startsAt < calendar.end)
      .sort((a, b) => a.startsAt - b.startsAt);
  });
  return inTimeOrder(planned);
}

interface Rhythm {
  readonly calendar: Calendar;
  readonly sums: Float64Array;
  readonly months: Uint8Array;
}

const attention = new Float64Array(tastes.length);
/** Upper bound of the season of any mixture of tastes. */
const strongestSeason = 1.8;
const seasonTries = 4;

/** Draws a day by traffic and accepts it by season (rejection sampling, von Neumann 1951, limited tries); then an hour. */
function drawStart(rng: Rng, shopper: Shopper, { calendar, sums, months }: Rhythm): number {
  let day = drawIndex(rng, sums);
  for (let attempt = 1; attempt < seasonTries; attempt++) {
    if (chance(rng, seasonFor(shopper, day, months[day]) / strongestSeason)) break;
    day = drawIndex(rng, sums);
  }
  return timeWithin(rng, calendar.start + day * dayMs, shopper.zoneHours);
}

function seasonFor(shopper: Shopper, day: number, month: number): number {
  attentionOn(day, shopper, attention);
  let season = 0;
  for (let taste = 0; taste < tastes.length; taste++)
    season += attention[taste] * tastes[taste].season[month];
  return season;
}

function inTimeOrder(planned: readonly (readonly PlannedVisit[])[]): VisitPlan {
  const length = planned.reduce((sum, visits) => sum + visits.length, 0);
  const unordered = emptyPlan(length);
  let at = 0;
  for (const [shopper, visits] of planned.entries()) {
    for (const [visit, { startsAt, product }] of visits.entries()) {
      unordered.shopper[at] = shopper;
      unordered.visit[at] = visit;
      unordered.startsAt[at] = startsAt;
      unordered.product[at++] = product;
    }
  }
  const { startsAt } = unordered;
  const order = Uint32Array.from({ length }, (_, i) => i).sort((a, b) => startsAt[a] - startsAt[b] || a - b);
  return reordered(unordered, order);
}

const emptyPlan = (length: number): VisitPlan => ({
  length,
  shopper: new Uint32Array(length),
  visit: new Uint32Array(length),
  startsAt: new Float64Array(length),
  product: new Int32Array(length),
});

function reordered(plan: VisitPlan, order: Uint32Array): VisitPlan {
  const out = emptyPlan(plan.length);
  for (let i = 0; i < order.length; i++) {
    out.shopper[i] = plan.shopper[order[i]];
    out.visit[i] = plan.visit[order[i]];
    out.startsAt[i] = plan.startsAt[order[i]];
    out.product[i] = plan.product[order[i]];
  }
  return out;
}
