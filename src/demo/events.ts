import type { ShopId } from '../domain/ids';
import type { Interaction } from '../domain/interaction';
import { type Calendar, dayMs } from './calendar';
import type { DemoProduct } from './catalogue';
import type { Shopper } from './people';
import { Shelves } from './shelves';
import { buyOne, createMemory, type Memory, type Scene, shop } from './shopping';
import { streamOf } from './streams';
import { Visit } from './visit';
import type { VisitPlan } from './visits';

/** Inputs of the generated events. */
export interface EventSettings {
  readonly shopId: ShopId;
  readonly seed: number;
  readonly calendar: Calendar;
  readonly people: readonly Shopper[];
  readonly catalogue: readonly DemoProduct[];
  readonly followees: readonly Uint32Array[];
  readonly plan: VisitPlan;
}

/**
 * Generates the events of the year in time order, one batch per day. Memory holds one day's events and the delayed events
 * of earlier days, not the whole year.
 */
export function* generateEvents(settings: EventSettings): Generator<readonly Interaction[], void, undefined> {
  const { calendar, plan } = settings;
  const memories: Memory[] = settings.people.map(createMemory);
  const shelves = new Shelves(settings.catalogue);
  const waiting = new Map<number, Interaction[]>();
  const emitted: Interaction[] = [];
  let at = 0;
  for (let day = 0; day < calendar.days; day++) {
    const dayEnd = calendar.start + (day + 1) * dayMs;
    shelves.stock(day);
    for (; at < plan.length && plan.startsAt[at] < dayEnd; at++)
      visit(at, day, { settings, memories, shelves, emitted });
    sortIntoDays(emitted, waiting, calendar);
    const batch = waiting.get(day) ?? [];
    waiting.delete(day);
    if (batch.length > 0) yield batch.sort(byTime);
  }
}

interface Simulation {
  readonly settings: EventSettings;
  readonly memories: readonly Memory[];
  readonly shelves: Shelves;
  readonly emitted: Interaction[];
}

function visit(at: number, day: number, { settings, memories, shelves, emitted }: Simulation): void {
  const { plan, people, calendar } = settings;
  const shopper = people[plan.shopper[at]];
  const number = plan.visit[at];
  const startsAt = plan.startsAt[at];
  const rng = streamOf(settings.seed, 'session', shopper.index, number);
  const start = { shopId: settings.shopId, shopper, visit: number, startsAt, end: calendar.end };
  const scene: Scene = {
    catalogue: settings.catalogue,
    shelves,
    shopper,
    memory: memories[shopper.index],
    friends: settings.followees[shopper.index],
    memories,
    day,
    startsAt,
  };
  const product = plan.product[at];
  if (product < 0) shop(new Visit(start, rng, emitted), scene);
  else buyOne(new Visit(start, rng, emitted), scene, product);
}

function sortIntoDays(emitted: Interaction[], waiting: Map<number, Interaction[]>, calendar: Calendar): void {
  for (const event of emitted) {
    const day = Math.floor((event.occurredAt - calendar.start) / dayMs);
    const list = waiting.get(day);
    if (list === undefined) waiting.set(day, [event]);
    else list.push(event);
  }
  emitted.length = 0;
}

function byTime(a: Interaction, b: Interaction): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
