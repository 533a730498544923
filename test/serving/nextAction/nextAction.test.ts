import { toEventId, toProductId, toUserId, type UserId } from '../../../src/domain/ids';
import type { Interaction } from '../../../src/domain/interaction';
import { type PolicyChange, shopPolicyOf } from '../../../src/domain/shopPolicy';
import { createRng } from '../../../src/numeric/rng';
import type { NextActions, NextActionsOptions } from '../../../src/serving/nextAction/nextAction';
import { createMemoryStores } from '../../../src/store/memory/stores';
import type { Stores } from '../../../src/store/ports/stores';
import { createTestNextActions, liveFake, readingOfAgain } from '../../support/fakeForecaster';
import { interaction, now, product, shopId, until } from '../support';

const ann = toUserId('ann');
const minute = 60_000;
const open: NextActions[] = [];
afterEach(async () => {
  for (const service of open.splice(0)) await service.stop();
});

async function openShop(given: Partial<NextActionsOptions> = {}) {
  const stores = createMemoryStores();
  await stores.shops.upsert({ id: shopId, name: 'Test', defaultLocale: 'en', currency: 'USD' });
  const described = [0, 1, 2, 3, 4].map(row => ({
    ...{ id: product(row), title: `Product ${row}`, priceMinor: 100 * row },
    categoryPath: row === 0 ? ['Garden'] : ['Home', row === 1 ? 'Kitchen' : 'Bath'],
  }));
  await stores.products.upsertMany(shopId, described, now - 1e9);
  return { stores, ...(await serve(stores, given)) };
}

async function serve(stores: Stores, given: Partial<NextActionsOptions> = {}) {
  const errors: unknown[] = [];
  const service = createTestNextActions({
    stores,
    products: (shop, ids) => stores.products.findMany(shop, ids),
    onError: error => errors.push(error),
    ...given,
  });
  await service.start();
  open.push(service);
  return { service, errors };
}

const at = (event: Interaction, given: Partial<Interaction>): Interaction => ({ ...event, ...given });
const search = (id: string, occurredAt: number): Interaction =>
  at(interaction(id, 'ann', product(0), 'SEARCH', occurredAt), { productId: null, queryText: 'mug' });

/** The prediction for ann; it depends on everything in the state. */
async function said(service: NextActions, userId: UserId = ann, when = now) {
  const { forecast, degraded } = await service.predict(shopId, userId, when);
  return forecast ?? degraded;
}

const forecastOf = async (service: NextActions, userId?: UserId) => {
  const forecast = await said(service, userId);
  if (forecast === null || typeof forecast === 'string')
    throw new Error(`Expected a forecast; got ${forecast}.`);
  return forecast;
};

it('predicts what follows the latest event, and changes with each new one', async () => {
  const { stores, service } = await openShop();
  await stores.interactions.insertMany([interaction('a', 'ann', product(1), 'VIEW', now - 3 * minute)]);
  const first = await forecastOf(service);
  expect(first).toMatchObject({ servedBy: 'again', isSessionOpen: true });
  expect(first.categories).toEqual([{ path: ['Home', 'Kitchen'], probability: 0.5 }]);
  expect(first.prediction).toMatchObject({
    ...{ eventId: 'a', eventAt: now - 3 * minute, modelVersion: 'v1', predictedAt: now, outcome: null },
    ...{ purchase: 0.25, abandonment: null, returnWithin: [0.25, 0.5, 0.75] },
    expiresAt: now + 90 * 86_400_000,
  });
  expect(first.prediction.actions[0]).toBe(0.5);
  await stores.interactions.insertMany([interaction('b', 'ann', product(2), 'CART_ADD', now - 2 * minute)]);
  const second = await forecastOf(service);
  expect(second.prediction).toMatchObject({ eventId: 'b', purchase: 0.75, abandonment: 0.5 });
  expect(second.prediction.id).not.toBe(first.prediction.id);
  await stores.interactions.insertMany([search('c', now - minute)]);
  expect((await forecastOf(service)).prediction).toMatchObject({ eventId: 'c', purchase: 0.25 });
});

it('takes one step per event, and reads the history once', async () => {
  const { stores, service: warm } = await openShop();
  const events = Array.from({ length: 60 }, (_, index) =>
    interaction(`e${index}`, 'ann', product(index % 5), 'VIEW', now - (100 - index) * minute),
  );
  await stores.interactions.insertMany(events);
  const limits: number[] = [];
  let steps = 0;
  const { service } = await serve(
    {
      ...stores,
      interactions: {
        ...stores.interactions,
        recentWithSearchesOf(shop, ids, limit) {
          limits.push(limit);
          return stores.interactions.recentWithSearchesOf(shop, ids, limit);
        },
      },
    },
    {
      liveForecaster: async shop =>
        liveFake(shop, {
          reading: readingOfAgain(() => {
            steps++;
          }),
        }),
    },
  );
  await said(service);
  expect([limits, steps]).toEqual([[32, 1_000], 60]);
  await stores.interactions.insertMany([interaction('new', 'ann', product(1), 'CLICK', now)]);
  await said(service);
  expect([limits, steps]).toEqual([[32, 1_000, 32], 61]);
  await said(service);
  expect(steps).toBe(61);
  expect(await said(service)).toEqual(await said(warm));
});

it.each([1, 2, 3, 4])(
  'equals reading the history again, for any events in any order (seed %i)',
  async seed => {
    const { stores, service } = await openShop();
    const rng = createRng(seed);
    const types = ['VIEW', 'CART_ADD', 'PURCHASE', 'SEARCH', 'CART_REMOVE'] as const;
    let clock = now - 1e8;
    for (let round = 0; round < 40; round++) {
      const batch = Array.from({ length: 1 + rng.int(round % 10 === 9 ? 40 : 3) }, (_, index) => {
        clock += [0, 1, 10, 40][rng.int(4)] * minute;
        const isLate = rng.int(8) === 0;
        const id = `e${seed}-${round}-${index}`;
        const type = types[rng.int(types.length)];
        const occurredAt = clock - (isLate ? rng.int(60) * minute : 0);
        const made = interaction(id, 'ann', product(rng.int(5)), type, occurredAt);
        const sessionId = [null, 's-1', 's-2'][rng.int(3)];
        return type === 'SEARCH' && rng.int(2) === 0 ? search(id, occurredAt) : at(made, { sessionId });
      });
      await stores.interactions.insertMany(batch);
      const { service: cold } = await serve(stores);
      expect(await said(service)).toEqual(await said(cold));
    }
  },
);

it('serves concurrent requests of one shopper like sequential ones', async () => {
  const { stores, service } = await openShop();
  const events = [1, 2, 3].map(row =>
    interaction(`e${row}`, 'ann', product(row), 'VIEW', now - 10 * minute + row),
  );
  await stores.interactions.insertMany(events.slice(0, 1));
  const asked = [said(service), said(service)];
  await stores.interactions.insertMany(events.slice(1));
  await Promise.all([...asked, ...Array.from({ length: 8 }, () => said(service))]);
  const { service: cold } = await serve(stores);
  expect(await said(service)).toEqual(await said(cold));
});

it('gives the reason for no prediction: no model, no events, no consent, no store', async () => {
  const { stores, service } = await openShop();
  expect(await said(service)).toBe('COLD_START');
  await stores.interactions.insertMany([interaction('a', 'ann', product(1))]);
  const { service: untrained } = await serve(stores, { liveForecaster: async () => null });
  expect(await said(untrained)).toBe('MODEL_NOT_TRAINED');
  const never = new Promise<never>(() => undefined);
  const { service: waiting } = await serve(
    { ...stores, interactions: { ...stores.interactions, recentWithSearchesOf: () => never } },
    { config: { historyTimeoutMs: 1 } },
  );
  expect(await said(waiting)).toBe('HISTORY_UNAVAILABLE');
  const consents = [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }];
  await stores.users.upsertMany(shopId, [{ id: ann, consents }], now);
  expect(await said(service)).toBe('CONSENT_WITHHELD');
});

it('saves a prediction once per step and version, and not after the end of the session', async () => {
  const { stores, service } = await openShop();
  await stores.interactions.insertMany([interaction('a', 'ann', product(1), 'VIEW', now - minute)]);
  for (const when of [now, now + 1, now + 2]) await said(service, ann, when);
  const late = await said(service, ann, now + 31 * minute);
  expect(late).toMatchObject({ isSessionOpen: false });
  const { rows } = await service.kept(shopId, ann, { first: 9 });
  const { prediction } = await forecastOf(service);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ id: prediction.id, eventId: 'a', actions: prediction.actions });
  const { service: next } = await serve(stores, {
    liveForecaster: async shop => liveFake(shop, { version: 'v2' }),
  });
  await said(next);
  expect((await next.kept(shopId, ann, { first: 9 })).rows.map(row => row.modelVersion).sort()).toEqual([
    'v1',
    'v2',
  ]);
});

it('forgets a shopper who withdraws consent, and their predictions', async () => {
  const { stores, service } = await openShop({ config: { flushMs: 1e9 } });
  await stores.interactions.insertMany([
    interaction('a', 'ann', product(1)),
    interaction('b', 'bob', product(1)),
  ]);
  await said(service);
  await said(service, toUserId('bob'));
  expect(service.counts()).toMatchObject({ states: 2, buffer: { pending: 2 } });
  const consents = [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }];
  await stores.users.upsertMany(shopId, [{ id: ann, consents }], now);
  await until(() => service.counts().states === 1);
  expect(service.counts().buffer.pending).toBe(1);
  expect((await service.kept(shopId, ann, { first: 9 })).rows).toEqual([]);
  expect((await service.kept(shopId, toUserId('bob'), { first: 9 })).rows).toHaveLength(1);
});

it('discards everything read before a request to forget', async () => {
  const { stores } = await openShop();
  await stores.interactions.insertMany([interaction('a', 'ann', product(1))]);
  let release = (): void => undefined;
  const held = new Promise<void>(resolve => {
    release = resolve;
  });
  let asks = 0;
  const { service } = await serve(stores, {
    async products(shop, ids) {
      asks++;
      if (asks === 1) await held;
      return await stores.products.findMany(shop, ids);
    },
  });
  const asked = said(service);
  await until(() => asks === 1);
  const consents = [{ purpose: 'PERSONALIZATION' as const, granted: false, source: null }];
  await stores.users.upsertMany(shopId, [{ id: ann, consents }], now);
  await new Promise(resolve => setImmediate(resolve));
  release();
  expect(await asked).toBe('CONSENT_WITHHELD');
  expect(service.counts()).toMatchObject({ states: 0, buffer: { pending: 0 } });
});

it('keeps at most the configured states, only of the live artifact', async () => {
  let version = 'v1';
  const { stores, service } = await openShop({
    config: { liveStates: 2 },
    liveForecaster: async shop => liveFake(shop, { version }),
  });
  const users = ['ann', 'bob', 'cat'];
  await stores.interactions.insertMany(users.map(user => interaction(user, user, toProductId('p001'))));
  for (const user of users) await said(service, toUserId(user));
  expect(service.counts().states).toBe(2);
  version = 'v2';
  expect((await forecastOf(service)).prediction.modelVersion).toBe('v2');
  expect(service.counts().states).toBe(1);
});

it('returns the quality of predictions, with outcomes filled in', async () => {
  const { stores, service } = await openShop();
  const times = [now - 50 * minute, now - 49 * minute, now - 48 * minute];
  for (const [index, occurredAt] of times.entries()) {
    const type = index === 2 ? 'PURCHASE' : 'VIEW';
    await stores.interactions.insertMany([
      at(interaction(`e${index}`, 'ann', product(1), type, occurredAt), { id: toEventId(`e${index}`) }),
    ]);
    await said(service, ann, occurredAt + 1);
  }
  const [week, ...others] = await service.quality(shopId, 1, now);
  expect(others).toEqual([]);
  // One view, then a view (probability 1/2); two views (1/3), then a purchase (0); the purchase (1/4), then LEAVE (3/4).
  expect(week).toMatchObject({ week: '2026-W03', modelVersion: 'v1', predictions: 3, accuracy: 2 / 3 });
  const { rows } = await service.kept(shopId, ann, { first: 9 });
  expect(rows.map(({ outcome }) => outcome)).toEqual([
    { action: 'LEAVE', at: times[2] + 30 * minute },
    { action: 'PURCHASE', at: times[2] },
    { action: 'VIEW', at: times[1] },
  ]);
  expect(await service.quality(shopId, 1, now + 14 * 86_400_000)).toEqual([]);
  expect(await service.quality(shopId, 3, now + 14 * 86_400_000)).toEqual([week]);
});

it('keeps predictions as long as the policy keeps lists, and no longer than it keeps events', async () => {
  let change: PolicyChange = {};
  const { stores, service } = await openShop({ policyOf: async () => shopPolicyOf(change) });
  await stores.interactions.insertMany([interaction('a', 'ann', product(1), 'VIEW', now - minute)]);
  const days = async () => ((await forecastOf(service)).prediction.expiresAt - now) / 86_400_000;
  expect(await days()).toBe(90);
  change = { 'retention.listDays': 30 };
  expect(await days()).toBe(30);
  change = { 'retention.listDays': 30, 'retention.interactionDays': 7 };
  expect(await days()).toBe(7);
});
