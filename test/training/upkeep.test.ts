import { toProductId } from '../../src/domain/ids';
import { modelByName } from '../../src/models/registry';
import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import { queueReadyModels } from '../../src/training/queueJobs';
import { trainingReadiness } from '../../src/training/readiness';
import { purgeExpired } from '../../src/training/upkeep';
import { openShop, shopId, start, tastefulEvents } from './support';

const day = 86_400_000;
const now = start + 60 * day;
const events = tastefulEvents({ users: 50, events: 400, seed: 1 });
const demanding = {
  ...modelByName('item-neighbours').card,
  name: 'demanding',
  needs: { events: 1_000, users: 40 },
};
const cards = [modelByName('item-neighbours').card, demanding];

it('returns what is needed and what the shop has', async () => {
  const stores = await openShop(events);
  const [ready, missing] = await trainingReadiness(stores, shopId, cards, now);
  expect(ready.isReady).toBe(true);
  expect(missing).toMatchObject({
    model: 'demanding',
    needed: { events: 1_000, users: 40 },
    have: { events: 400 },
    isReady: false,
  });
  const [empty] = await trainingReadiness(await openShop([]), shopId, cards, now);
  expect(empty).toMatchObject({ have: { events: 0, users: 0 }, isReady: false });
});

it('counts users with two distinct products only', async () => {
  const one = events.slice(0, 1);
  const repeated = one.flatMap(event => [event, { ...event, id: `${event.id}-again` as typeof event.id }]);
  const [{ have }] = await trainingReadiness(await openShop(repeated), shopId, [demanding], now);
  expect(have).toEqual({ events: 2, users: 0, documents: 0 });
});

it('is ready to read only when enough products that may be listed are described', async () => {
  const stores = await openShop(events);
  const reading = { ...modelByName('item-neighbours').card, needs: { events: 1, users: 1, documents: 3 } };
  const described = ['a', 'b'].map(id => ({ id: toProductId(id), title: 'Green tea' }));
  const retired = { id: toProductId('c'), title: 'Green tea', isActive: false };
  await stores.products.upsertMany(shopId, [...described, retired], now);
  const [missing] = await trainingReadiness(stores, shopId, [reading], now);
  expect(missing).toMatchObject({ needed: { documents: 3 }, have: { documents: 2 }, isReady: false });
  await stores.products.upsertMany(shopId, [{ ...retired, isActive: true }], now);
  const [ready] = await trainingReadiness(stores, shopId, [reading], now);
  expect(ready.isReady).toBe(true);
});

it('queues models with enough data and no unfinished run, and records the runs', async () => {
  const stores = await openShop(events);
  const queue = createMemoryTrainingQueue();
  let ids = 0;
  const options = { stores, queue, shopId, cards, seed: 1, newId: () => `run-${ids++}`, now };
  const jobs = await queueReadyModels(options);
  expect(jobs).toEqual([{ shopId, runId: 'run-0', model: 'item-neighbours', seed: 1 }]);
  expect(await stores.trainingRuns.find(shopId, 'run-0')).toMatchObject({ status: 'QUEUED', queuedAt: now });
  expect(await queueReadyModels(options)).toEqual([]);
  expect(await queueReadyModels({ ...options, now: now + 2 * day })).toHaveLength(1);
  await queue.close();
});

it('does not wait for a run that died with its worker', async () => {
  const stores = await openShop(events);
  let ids = 0;
  const options = { stores, shopId, cards, seed: 1, newId: () => `run-${ids++}`, now };
  const lost = createMemoryTrainingQueue();
  expect(await queueReadyModels({ ...options, queue: lost })).toHaveLength(1);
  const empty = createMemoryTrainingQueue();
  expect(await queueReadyModels({ ...options, queue: empty })).toHaveLength(1);
  await Promise.all([lost.close(), empty.close()]);
});

it('removes interactions past the retention of their shop, and keeps others', async () => {
  const stores = await openShop(events);
  expect(await purgeExpired(stores, now)).toEqual({ lists: 0, predictions: 0, interactions: 0 });
  await stores.shops.changePolicy(shopId, { 'retention.interactionDays': 45 });
  const { interactions } = await purgeExpired(stores, now);
  const old = events.filter(event => event.occurredAt < now - 45 * day).length;
  expect(interactions).toBe(old);
  expect(await stores.interactions.count(shopId)).toBe(400 - old);
});
