import fc from 'fast-check';
import { hoursPerDay } from '../../../src/campaigns/plan/activeHours';
import { type PlanShopper, type PlanTask, planContacts } from '../../../src/campaigns/plan/planContacts';
import { campaignEffects } from '../../../src/demo/campaignEffect';
import { isWithinCap } from '../../../src/domain/frequencyCap';
import { minuteOfWeek } from '../../../src/domain/localTime';
import { sendingCalendar } from '../../../src/domain/sendingTime';

const dayMs = 86_400_000;
const startsAt = Date.UTC(2026, 2, 27);
const zones = ['UTC', 'Europe/Berlin', 'Asia/Shanghai'];
const quiet = { startMinute: 21 * 60, endMinute: 9 * 60 };
const cap = { contacts: 1, days: 7 };

function shopperOf(place: number, contactedAt: readonly number[] = []): PlanShopper {
  const activity = new Float64Array(hoursPerDay).fill(1 / hoursPerDay);
  activity[place % hoursPerDay] = 0.5;
  return {
    userId: `u${place}`,
    channels: [0, 1, 2].slice(place % 3),
    timeZone: zones[place % 3],
    activity,
    contactedAt,
  };
}

const effects = Object.values(campaignEffects);

function taskOf(shoppers: number, changes: Partial<PlanTask> = {}): PlanTask {
  return {
    salt: 'spring',
    shoppers: Array.from({ length: shoppers }, (_, place) => shopperOf(place)),
    offers: 2,
    contactCostMinor: [3, 5, 1],
    predict: (shopper, offer, channel) => {
      const { baseline, uplift } = effects[shopper % effects.length];
      const gain = uplift * (1 + 0.3 * offer - 0.2 * channel);
      return { response: Math.max(0, baseline + gain), gain, redemptionMinor: 100 * offer * baseline };
    },
    budgetMinor: 200,
    holdoutRate: 0.3,
    calendar: sendingCalendar({ quietHours: [quiet], windows: [] }),
    startsAt,
    endsAt: startsAt + 14 * dayMs,
    caps: [cap],
    ...changes,
  };
}

describe('planContacts', () => {
  it('never exceeds the budget, breaks a cap or quiet hours, or uses a channel that is not allowed', () => {
    const someHistory = fc.array(fc.integer({ min: startsAt - 10 * dayMs, max: startsAt + 10 * dayMs }), {
      maxLength: 2,
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.array(someHistory, { maxLength: 40 }),
        (budgetMinor, histories) => {
          const shoppers = histories.map((contactedAt, place) => shopperOf(place, contactedAt));
          const plan = planContacts(taskOf(0, { budgetMinor, shoppers }));
          const spent = plan.contacts
            .filter(({ arm }) => arm === 'TREATMENT')
            .reduce((sum, { costMinor }) => sum + costMinor, 0);
          expect(spent).toBeCloseTo(plan.costMinor, 9);
          expect(plan.costMinor).toBeLessThanOrEqual(budgetMinor);
          expect(plan.gain).toBeLessThanOrEqual(plan.gainBound);
          for (const { shopper, channel, sendAt, gain } of plan.contacts) {
            const { contactedAt, timeZone, channels } = shoppers[shopper];
            expect(gain).toBeGreaterThan(0);
            expect(channels).toContain(channel);
            expect(isWithinCap(contactedAt, sendAt, cap)).toBe(true);
            const minute = minuteOfWeek(sendAt, timeZone) % 1440;
            expect(minute >= quiet.endMinute && minute < quiet.startMinute).toBe(true);
          }
        },
      ),
      { seed: 8, numRuns: 60 },
    );
  });

  it('addresses those whom it moves, and leaves sure buyers and the annoyed alone', () => {
    const plan = planContacts(taskOf(2_000, { budgetMinor: 1_500 }));
    const names = Object.keys(campaignEffects);
    const shares = new Map(names.map(name => [name, 0]));
    for (const { shopper } of plan.contacts) {
      const name = names[shopper % names.length];
      shares.set(name, (shares.get(name) ?? 0) + 1);
    }
    expect(shares.get('SLEEPING_DOG')).toBe(0);
    expect(shares.get('PERSUADABLE')).toBeGreaterThan(10 * (shares.get('SURE_THING') ?? 0));
  });

  it('holds out at random with the stated share, by the same rule as it addresses', () => {
    const { contacts } = planContacts(taskOf(20_000, { budgetMinor: 1e9 }));
    const heldOut = contacts.filter(({ arm }) => arm === 'HOLDOUT');
    const share = heldOut.length / contacts.length;
    expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / contacts.length));
    expect(new Set(heldOut.map(({ propensity }) => propensity))).toEqual(new Set([0.3]));
    const meanGain = (arm: string): number => {
      const own = contacts.filter(contact => contact.arm === arm);
      return own.reduce((sum, { gain }) => sum + gain, 0) / own.length;
    };
    expect(meanGain('HOLDOUT')).toBeCloseTo(meanGain('TREATMENT'), 2);
  });

  it('is the same plan again, and another one for another campaign', () => {
    expect(planContacts(taskOf(300))).toEqual(planContacts(taskOf(300)));
    expect(planContacts(taskOf(300, { salt: 'autumn' })).contacts).not.toEqual(
      planContacts(taskOf(300)).contacts,
    );
  });

  it('knows the gain at every budget, and counts whom nothing reaches', () => {
    const nobody = { ...shopperOf(0), channels: [] };
    const capped = shopperOf(1, [startsAt, startsAt + 6 * dayMs, startsAt + 12 * dayMs]);
    const { frontier, unreachable, contacts } = planContacts(taskOf(0, { shoppers: [nobody, capped] }));
    expect(unreachable).toBe(2);
    expect(contacts).toEqual([]);
    expect([...frontier.gains]).toEqual([0]);
    const plan = planContacts(taskOf(900));
    const beyond = plan.frontier.costs.findIndex(cost => cost >= plan.costMinor);
    expect(plan.frontier.gains[beyond]).toBeGreaterThanOrEqual(plan.gain - 1e-9);
  });

  it('refuses a hold-out of everybody and a negative budget', () => {
    expect(() => planContacts(taskOf(1, { holdoutRate: 1 }))).toThrow(RangeError);
    expect(() => planContacts(taskOf(1, { budgetMinor: -1 }))).toThrow(RangeError);
  });

  it('spreads contacts at random among shoppers of equal gain', () => {
    const shoppers = Array.from({ length: 1_000 }, (_, place) => ({ ...shopperOf(0), userId: `u${place}` }));
    const predict = () => ({ response: 0.1, gain: 0.1, redemptionMinor: 0 });
    const { contacts } = planContacts(taskOf(0, { shoppers, predict, budgetMinor: 100 }));
    const firstHalf = contacts.filter(({ shopper }) => shopper < 500).length;
    expect(Math.abs(firstHalf / contacts.length - 0.5)).toBeLessThan(0.2);
    expect(contacts.length).toBeGreaterThan(120);
  });
});
