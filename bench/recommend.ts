// Measures recommendations per second of one core, the time of each stage, and the gain of scoring concurrent requests
// together. All data is in memory, so that only our own code is measured; the shop is generated from a seed.
// node scripts/bench.mjs recommend [--products 4000] [--users 2000] [--rank 64] [--seconds 3]
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { decodeArtifact } from '../src/artifact/decode';
import { encodeArtifact } from '../src/artifact/encode';
import { toEventId, toProductId, toShopId, toUserId, type UserId } from '../src/domain/ids';
import type { Interaction } from '../src/domain/interaction';
import { newId } from '../src/main/newId';
import { createThreadPool } from '../src/main/threads';
import type { Model, ShopperHistory } from '../src/models/model';
import { modelByName } from '../src/models/registry';
import { createRng } from '../src/numeric/rng';
import { topK } from '../src/numeric/topK';
import type { RecommendRequest } from '../src/serving/lists/request';
import type { RecommendFilters } from '../src/serving/live/filter';
import { createRecommender, type Recommender } from '../src/serving/recommender';
import { createMemoryStores } from '../src/store/memory/stores';
import type { Stores } from '../src/store/ports/stores';
import { readSnapshot } from '../src/training/readSnapshot';
import { runTraining } from '../src/training/runTraining';
import { trainableModel } from '../src/training/trainableModel';
import { environmentLine } from './environment';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '4000' },
    users: { type: 'string', default: '2000' },
    rank: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '3' },
  },
});
const [productCount, userCount, rank, seconds] = [
  Number(options.products),
  Number(options.users),
  Number(options.rank),
  Number(options.seconds),
];
const shopId = toShopId('bench');
const start = Date.UTC(2026, 0, 1);
const rng = createRng(1);
const tastes = 40;

const loadModel = (name: string): Model =>
  name === 'collaborative' ? modelByName(name, { rank }) : modelByName(name);

/** Generates forty events per user on average (1 to 80), four of five within one taste. */
function makeEvents(): Interaction[] {
  const events: Interaction[] = [];
  const perTaste = Math.floor(productCount / tastes);
  for (let user = 0; user < userCount; user++) {
    const count = 1 + rng.int(80);
    for (let at = 0; at < count; at++) {
      const taste = rng.uniform() < 0.8 ? user % tastes : rng.int(tastes);
      const product = taste * perTaste + Math.floor(perTaste * rng.uniform() ** 2);
      events.push(eventOf(user, product, events.length));
    }
  }
  return events;
}

function eventOf(user: number, product: number, serial: number): Interaction {
  return {
    shopId,
    id: toEventId(`e${serial}`),
    userId: toUserId(`u${user}`),
    productId: toProductId(`p${product}`),
    type: 'VIEW',
    value: null,
    priceMinor: null,
    queryText: null,
    sessionId: null,
    occurredAt: start + rng.int(30 * 86_400_000),
    receivedAt: start,
    attribution: null,
  };
}

async function openShop(): Promise<{ readonly stores: Stores; readonly events: number }> {
  const stores = createMemoryStores();
  await stores.shops.upsert({
    id: shopId,
    name: 'Bench',
    defaultLocale: 'en',
    currency: 'USD',
  });
  const products = Array.from({ length: productCount }, (_, row) => ({
    id: toProductId(`p${row}`),
    title: `Product ${row}`,
    categoryPath: ['Top', `Category ${row % 50}`],
    priceMinor: 100 + rng.int(10_000),
    stock: rng.int(10),
  }));
  await stores.products.upsertMany(shopId, products, start);
  const events = makeEvents();
  await stores.interactions.insertMany(events);
  return { stores, events: events.length };
}

async function trainAll(stores: Stores): Promise<void> {
  const threads = createThreadPool(2);
  const { signal } = new AbortController();
  const reading = readSnapshot(stores, shopId, Date.now(), signal);
  for (const model of ['popularity', 'trending', 'item-neighbours', 'collaborative']) {
    const run = await runTraining({
      stores,
      loadTrainable: name => trainableModel(loadModel(name), loadModel),
      history: { maxEvents: 200, halfLifeDays: 30 },
      job: { shopId, runId: newId(Date.now()), model, seed: 1 },
      threads,
      clock: Date.now,
      newId,
      onProgress: () => undefined,
      signal,
      readSnapshot: () => reading,
    });
    console.log(`${model}: ${run.status}; ${run.reason ?? ''}`);
  }
  await threads.close();
}

const requestOf = (
  userId: UserId | null,
  filters: RecommendFilters,
  strategy?: string,
): RecommendRequest => ({
  shopId,
  userId,
  placement: 'bench',
  first: 20,
  filters,
  excludeProductIds: [],
  cartProductIds: [],
  currentProductId: null,
  now: Date.now(),
  ...(strategy === undefined ? {} : { strategy }),
});

interface Driven {
  /** Requests per second of wall-clock time, which depends on other work on the machine. */
  readonly rate: number;
  /** Requests per second of this process's CPU time, which does not. */
  readonly ratePerCore: number;
  readonly p50: number;
  readonly p99: number;
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Runs `connections` concurrent callers for some seconds; returns rates and latency quantiles. */
async function drive(connections: number, call: (serial: number) => Promise<unknown>): Promise<Driven> {
  const times: number[] = [];
  const cpu = cpuSeconds();
  const began = performance.now();
  const end = began + seconds * 1000;
  let serial = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      const before = performance.now();
      await call(serial++);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: connections }, caller));
  const rate = (1000 * times.length) / (performance.now() - began);
  const ratePerCore = times.length / (cpuSeconds() - cpu);
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { rate, ratePerCore, p50: at(0.5), p99: at(0.99) };
}

const whole = (value: number): string => Math.round(value).toString().padStart(6);

function report(name: string, { rate, ratePerCore, p50, p99 }: Driven): void {
  const times = `p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms`;
  console.log(`${name.padEnd(38)} ${whole(ratePerCore)} /s of CPU   ${whole(rate)} /s   ${times}`);
}

async function measureRequests(recommender: Recommender): Promise<void> {
  const filters: RecommendFilters = { category: ['Top', 'Category 7'], inStock: true };
  const user = (serial: number) => toUserId(`u${(serial * 7919) % userCount}`);
  const kinds: readonly (readonly [string, (serial: number) => RecommendRequest])[] = [
    ['personal', serial => requestOf(user(serial), {})],
    ['personal, narrow filters', serial => requestOf(user(serial), filters)],
    ['personal, item-neighbours', serial => requestOf(user(serial), {}, 'item-neighbours')],
    ['anonymous (popular)', () => requestOf(null, {})],
  ];
  const show = async (request: RecommendRequest): Promise<void> =>
    recommender.keep(await recommender.recommend(request));
  await drive(8, serial => show(kinds[serial % kinds.length][1](serial)));
  for (const [name, request] of kinds) {
    for (const connections of [1, 32]) {
      const result = await drive(connections, serial => show(request(serial)));
      report(`${name}, ${connections} at once`, result);
    }
  }
  const similar = (serial: number) => ({
    ...{
      shopId,
      productId: toProductId(`p${serial % productCount}`),
      placement: 'bench',
      first: 20,
      filters: {},
    },
    ...{ excludeProductIds: [], userId: null, now: Date.now() },
  });
  report(
    'similar, 32 at once',
    await drive(32, async serial => recommender.keep(await recommender.similar(similar(serial)))),
  );
}

/** Measures the stages alone, and whether one scoreInto call for several requests is faster. */
async function measureSteps(stores: Stores): Promise<void> {
  const record = (await stores.artifacts.liveOf(shopId)).find(live => live.model === 'collaborative');
  if (record === undefined) throw new Error('Expected collaborative to pass the gate; it was rejected.');
  const bytes = await stores.artifacts.read(record);
  const before = cpuSeconds();
  const artifact = await decodeArtifact(bytes);
  const decoded = cpuSeconds();
  const scorer = loadModel('collaborative').load(artifact);
  const loaded = cpuSeconds();
  console.log(
    `collaborative artifact: ${(bytes.length / 1e6).toFixed(2)} MB; decode ${(1e3 * (decoded - before)).toFixed(1)} ms, load ${(1e3 * (loaded - decoded)).toFixed(1)} ms of CPU`,
  );
  const history = (length: number): ShopperHistory => ({
    productRows: Uint32Array.from({ length }, (_, at) => (at * 37) % scorer.products.size),
    weights: new Float32Array(length).fill(1),
    occurredAt: new Float64Array(length).fill(start),
    now: start,
  });
  for (const length of [1, 40, 200]) {
    for (const batch of [1, 8, 16]) {
      const histories = Array.from({ length: batch }, () => history(length));
      const out = new Float32Array(batch * scorer.products.size);
      const each = timeOf(() => scorer.scoreInto(histories, out)) / batch;
      console.log(
        `scoreInto, history ${String(length).padStart(3)}, ${String(batch).padStart(2)} together: ${each.toFixed(1)} µs per request`,
      );
    }
  }
  const scores = Float32Array.from({ length: scorer.products.size }, () => rng.uniform());
  console.log(`topK(20): ${timeOf(() => topK(scores, 20)).toFixed(1)} µs`);
}

/** Returns the CPU time per call in microseconds, over half a second. */
function timeOf(work: () => unknown): number {
  for (let warm = 0; warm < 50; warm++) work();
  const began = performance.now();
  const cpu = cpuSeconds();
  let calls = 0;
  while (performance.now() - began < 500) {
    work();
    calls++;
  }
  return (1e6 * (cpuSeconds() - cpu)) / calls;
}

/** Measures how long loading a shop blocks the event loop. */
async function measureLoading(stores: Stores): Promise<Recommender> {
  const recommender = createRecommender({ stores, loadModel, newId, onError: error => console.error(error) });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  await recommender.start();
  const took = performance.now() - began;
  await new Promise(resolve => setTimeout(resolve, 20));
  delay.disable();
  console.log(
    `start: ${took.toFixed(0)} ms for catalogue and four models; longest block of the event loop ${(delay.max / 1e6).toFixed(1)} ms`,
  );
  return recommender;
}

/** Measures the encoding of artifacts, a cost of training, for completeness. */
async function measureEncoding(stores: Stores): Promise<void> {
  for (const record of await stores.artifacts.liveOf(shopId)) {
    const artifact = await decodeArtifact(await stores.artifacts.read(record));
    const began = performance.now();
    const { length } = await encodeArtifact(artifact);
    console.log(`encode ${record.model}: ${length} bytes in ${(performance.now() - began).toFixed(1)} ms`);
  }
}

async function main(): Promise<void> {
  console.log(environmentLine());
  const { stores, events } = await openShop();
  console.log(`${productCount} products, ${userCount} users, ${events} events, rank ${rank}, lists of 20`);
  await trainAll(stores);
  await measureEncoding(stores);
  await measureSteps(stores);
  const recommender = await measureLoading(stores);
  await measureRequests(recommender);
  await recommender.stop();
  console.log(JSON.stringify(recommender.counts()));
}

void main();
