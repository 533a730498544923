// Whom to address with which offer, over which channel, and when, under a budget.
//
// 1. Every shopper gets an arm at random, by a hash of the campaign and the shopper.
// 2. Every offer over every allowed channel is an option: its cost is that of the contact and of the expected redemptions, its
//    gain what the objective counts. Options that gain nothing are never chosen: sure buyers and the annoyed are left alone.
// 3. A multiple-choice knapsack chooses for both arms by one rule; only contacts of the treated arm cost (numeric/multipleChoiceKnapsack.ts).
// 4. The contact is at the shopper's most active hour that windows, quiet hours and caps allow. Shoppers without one are left out
//    before the choice, so that nothing is spent on them.
//
// Cost: O(shoppers × offers × channels × log) time; 40 bytes per option. 100,000 shoppers × 5 offers × 3 channels: see
// docs/campaigns.md.

import { type FrequencyCap, isWithinCap } from '../../domain/frequencyCap';
import type { SendingCalendar } from '../../domain/sendingTime';
import { createAssigner, uniformByUnit } from '../../experiments/assignment';
import {
  chooseOptions,
  type KnapsackFrontier,
  type KnapsackTask,
  knapsackFrontier,
} from '../../numeric/multipleChoiceKnapsack';
import { bestSlot, type SendingSlot, sendingSlots } from './sendingSlots';

/** A shopper of the audience. */
export interface PlanShopper {
  readonly userId: string;
  /** Places of the channels over which the shopper may be contacted. */
  readonly channels: readonly number[];
  /** IANA name, checked. */
  readonly timeZone: string;
  /** Activity by the hour of the day, [24]. */
  readonly activity: Float64Array;
  /** Instants of contacts by all campaigns, past and planned. */
  readonly contactedAt: readonly number[];
}

/** What is expected of one offer over one channel to one shopper. */
export interface PlanPrediction {
  /** Probability of a response after the contact, 0-1. */
  readonly response: number;
  /** What the objective gains by the contact, in its own unit: less than 0 where a contact does harm. */
  readonly gain: number;
  /** Expected cost of what is redeemed, in minor units, ≥ 0. */
  readonly redemptionMinor: number;
}

/** What a plan is made of. */
export interface PlanTask {
  /** Of the random arms: the id of the campaign. */
  readonly salt: string;
  readonly shoppers: readonly PlanShopper[];
  readonly offers: number;
  /** Cost of one contact over each channel, in minor units, ≥ 0. */
  readonly contactCostMinor: readonly number[];
  /** @param shopper - place in `shoppers` */
  readonly predict: (shopper: number, offer: number, channel: number) => PlanPrediction;
  /** In minor units. */
  readonly budgetMinor: number;
  /** Share of the shoppers who are held out, 0 to below 1. */
  readonly holdoutRate: number;
  readonly calendar: SendingCalendar;
  readonly startsAt: number;
  readonly endsAt: number;
  /** All of them hold. */
  readonly caps: readonly FrequencyCap[];
}

/** One contact of a plan. */
export interface PlannedContact extends PlanPrediction {
  /** Place in the task's shoppers. */
  readonly shopper: number;
  readonly offer: number;
  readonly channel: number;
  readonly sendAt: number;
  readonly arm: 'TREATMENT' | 'HOLDOUT';
  /** Probability with which the arm was drawn. */
  readonly propensity: number;
  /** Expected cost for the treated arm: contact and redemptions. */
  readonly costMinor: number;
}

/** A plan. */
export interface ContactPlan {
  /** In the order of the shoppers. */
  readonly contacts: readonly PlannedContact[];
  /** Expected cost of the treated arm, in minor units, at most the budget. */
  readonly costMinor: number;
  /** Expected gain of the treated arm. */
  readonly gain: number;
  /** No plan for the treated arm under this budget gains more. */
  readonly gainBound: number;
  /** Expected gain of the treated arm at each budget. */
  readonly frontier: KnapsackFrontier;
  /** Shoppers whom no instant, channel or offer suits. */
  readonly unreachable: number;
}

/** Points of the frontier. */
const frontierPoints = 50;

/** Returns when each shopper is contacted; null where no instant is allowed. */
function sendTimesOf({ shoppers, calendar, startsAt, endsAt, caps }: PlanTask): readonly (number | null)[] {
  const slotsByZone = new Map<string, readonly SendingSlot[]>();
  const slotsOf = (timeZone: string): readonly SendingSlot[] => {
    const known = slotsByZone.get(timeZone);
    if (known) return known;
    const slots = sendingSlots(calendar, timeZone, startsAt, endsAt);
    slotsByZone.set(timeZone, slots);
    return slots;
  };
  return shoppers.map(({ timeZone, activity, contactedAt }) => {
    const isAllowed = (at: number): boolean => caps.every(cap => isWithinCap(contactedAt, at, cap));
    return bestSlot(slotsOf(timeZone), activity, isAllowed)?.at ?? null;
  });
}

/** The options of all shoppers, who are in random order: of those of equal gain and cost, the first are addressed. */
interface Options extends KnapsackTask {
  /** The shopper of each class. */
  readonly order: Uint32Array;
  readonly offer: Uint16Array;
  readonly channel: Uint8Array;
}

/** Places of the shoppers in an order by lot that their ids decide. */
function randomOrder({ shoppers, salt }: PlanTask): Uint32Array {
  const uniformOf = uniformByUnit(`${salt} order`);
  const drawn = Float64Array.from(shoppers, ({ userId }) => uniformOf(userId));
  return Uint32Array.from(shoppers.keys()).sort((a, b) => drawn[a] - drawn[b] || a - b);
}

function optionsOf(task: PlanTask, sendTimes: readonly (number | null)[]): Options {
  const { shoppers, offers, contactCostMinor, predict } = task;
  const order = randomOrder(task);
  const starts = new Uint32Array(shoppers.length + 1);
  for (const [place, shopper] of order.entries()) {
    const reachable = sendTimes[shopper] === null ? 0 : shoppers[shopper].channels.length;
    starts[place + 1] = starts[place] + offers * reachable;
  }
  const size = starts[shoppers.length];
  const [costs, gains] = [new Float64Array(size), new Float64Array(size)];
  const [offerOf, channelOf] = [new Uint16Array(size), new Uint8Array(size)];
  for (const [place, shopper] of order.entries()) {
    let option = starts[place];
    const end = starts[place + 1];
    for (const channel of shoppers[shopper].channels) {
      for (let offer = 0; offer < offers && option < end; offer++, option++) {
        const { gain, redemptionMinor } = predict(shopper, offer, channel);
        costs[option] = contactCostMinor[channel] + redemptionMinor;
        gains[option] = gain;
        offerOf[option] = offer;
        channelOf[option] = channel;
      }
    }
  }
  return { order, starts, costs, gains, offer: offerOf, channel: channelOf };
}

/** Options of the shoppers who count, for the frontier. */
function countedOptions({ starts, costs, gains }: KnapsackTask, isCounted: Uint8Array): KnapsackTask {
  const ownStarts = [0];
  const [ownCosts, ownGains] = [new Float64Array(costs.length), new Float64Array(gains.length)];
  let size = 0;
  for (let group = 0; group < isCounted.length; group++) {
    if (isCounted[group] === 0) continue;
    ownCosts.set(costs.subarray(starts[group], starts[group + 1]), size);
    ownGains.set(gains.subarray(starts[group], starts[group + 1]), size);
    size += starts[group + 1] - starts[group];
    ownStarts.push(size);
  }
  return {
    starts: Uint32Array.from(ownStarts),
    costs: ownCosts.subarray(0, size),
    gains: ownGains.subarray(0, size),
  };
}

/**
 * Plans the contacts of a campaign. Equal tasks give equal plans. Nothing is sent.
 *
 * @throws {RangeError} on a negative budget or cost, or a hold-out outside [0, 1)
 */
export function planContacts(task: PlanTask): ContactPlan {
  const { shoppers, salt, holdoutRate, predict, budgetMinor } = task;
  if (!(holdoutRate >= 0 && holdoutRate < 1))
    throw new RangeError(`Expected a hold-out from 0 to below 1; got ${holdoutRate}.`);
  const assign = createAssigner(salt, [holdoutRate, 1 - holdoutRate]);
  const arms = shoppers.map(({ userId }) => assign(userId));
  const sendTimes = sendTimesOf(task);
  const options = optionsOf(task, sendTimes);
  const isCounted = Uint8Array.from(options.order, shopper => arms[shopper].arm);
  const { chosen, cost, gain, gainBound } = chooseOptions(options, budgetMinor, isCounted);
  const contacts: PlannedContact[] = [];
  for (const [place, option] of chosen.entries()) {
    const shopper = options.order[place];
    const sendAt = sendTimes[shopper];
    if (option < 0 || sendAt === null) continue;
    const [offer, channel] = [options.offer[option], options.channel[option]];
    contacts.push({
      ...predict(shopper, offer, channel),
      shopper,
      offer,
      channel,
      sendAt,
      arm: arms[shopper].arm === 1 ? 'TREATMENT' : 'HOLDOUT',
      propensity: arms[shopper].propensity,
      costMinor: options.costs[option],
    });
  }
  contacts.sort((a, b) => a.shopper - b.shopper);
  const { starts } = options;
  const unreachable = shoppers.filter((_, place) => starts[place] === starts[place + 1]).length;
  const frontier = knapsackFrontier(countedOptions(options, isCounted), frontierPoints);
  return { contacts, costMinor: cost, gain, gainBound, frontier, unreachable };
}
