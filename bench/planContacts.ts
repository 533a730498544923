// Plans a campaign for shoppers × 5 offers × 3 channels on one core: seconds, memory, and how far the plan is from the optimum.
// Physical bound: one pass over 16 bytes per option and a sort of the steps; both are printed beside it.
//
// node scripts/bench.mjs planContacts [shoppers]
import { hoursPerDay } from '../src/campaigns/plan/activeHours';
import { type PlanShopper, planContacts } from '../src/campaigns/plan/planContacts';
import { sendingCalendar } from '../src/domain/sendingTime';
import { createRng } from '../src/numeric/rng';
import { environmentLine } from './environment';

const [offers, channels] = [5, 3];
const startsAt = Date.UTC(2026, 5, 1);
const weekMs = 604_800_000;
const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'UTC'];

function shoppersOf(count: number): readonly PlanShopper[] {
  const rng = createRng(1);
  return Array.from({ length: count }, (_, place) => ({
    userId: `user-${place}`,
    channels: Array.from({ length: channels }, (_, channel) => channel).filter(() => rng.uniform() < 0.8),
    timeZone: zones[place % zones.length],
    activity: Float64Array.from({ length: hoursPerDay }, () => rng.uniform()),
    contactedAt: [startsAt - rng.int(weekMs), startsAt - rng.int(4 * weekMs)],
  }));
}

/** Seconds of one pass over the costs and gains of all options, and of sorting as many steps by their rate. */
function boundOf(options: number): readonly [read: number, sort: number] {
  const rng = createRng(2);
  const rates = Float64Array.from({ length: options }, () => rng.uniform());
  const start = performance.now();
  rates.reduce((sum, rate) => sum + rate, 0);
  const middle = performance.now();
  Uint32Array.from(rates.keys()).sort((a, b) => rates[b] - rates[a]);
  return [(middle - start) / 1000, (performance.now() - middle) / 1000];
}

function measure(count: number): void {
  const shoppers = shoppersOf(count);
  const rng = createRng(3);
  const responses = Float32Array.from({ length: count * offers * channels }, () => 0.2 * rng.uniform());
  const uplifts = responses.map(response => response * (rng.uniform() - 0.3));
  globalThis.gc?.();
  const before = process.memoryUsage();
  const start = performance.now();
  const plan = planContacts({
    salt: 'bench',
    shoppers,
    offers,
    contactCostMinor: [2, 8, 1],
    predict: (shopper, offer, channel) => {
      const option = (shopper * channels + channel) * offers + offer;
      return { response: responses[option], gain: uplifts[option], redemptionMinor: responses[option] * 100 };
    },
    budgetMinor: count,
    holdoutRate: 0.1,
    calendar: sendingCalendar({ quietHours: [{ startMinute: 1260, endMinute: 540 }], windows: [] }),
    startsAt,
    endsAt: startsAt + 2 * weekMs,
    caps: [{ contacts: 2, days: 7 }],
  });
  const seconds = (performance.now() - start) / 1000;
  const after = process.memoryUsage();
  const options = shoppers.reduce((sum, shopper) => sum + shopper.channels.length * offers, 0);
  const [read, sort] = boundOf(options);
  const megabytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;
  const gap = (1 - plan.gain / plan.gainBound) * 100;
  console.log(
    `${count} shoppers × ${offers} offers × ${channels} channels, ${options} options: ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB; ` +
      `${plan.contacts.length} contacts, gain within ${gap.toFixed(3)} % of the optimum; ` +
      `bound: read ${read.toFixed(3)} s, sort ${sort.toFixed(2)} s`,
  );
}

const largest = Number(process.argv[2] ?? 100_000);
console.log(environmentLine());
for (const count of [largest / 10, largest]) measure(count);
