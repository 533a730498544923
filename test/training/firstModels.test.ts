import { trainableByName } from '../../src/main/trainables';
import { createMemoryTrainingQueue } from '../../src/store/memory/trainingQueue';
import { queueFirstModels, queueLockOf } from '../../src/training/firstModels';
import { openShop, shopId, start, tastefulEvents } from './support';

const cards = ['popularity', 'item-neighbours'].map(name => trainableByName(name).card);

/** Workers of one fleet: they share stores and queue, and ask for the first models. */
async function openFleet(events = tastefulEvents({ users: 40, events: 200, seed: 3 })) {
  const stores = await openShop(events);
  const queue = createMemoryTrainingQueue();
  let ids = 0;
  const ask = () =>
    queueFirstModels({
      stores,
      queue,
      shopId,
      cards,
      seed: 1,
      newId: () => `run-${ids++}`,
      now: start + 40 * 86_400_000,
    });
  return { stores, queue, ask };
}

describe('the first models of a shop', () => {
  it('are queued once by a fleet of workers that start together', async () => {
    const { queue, ask, stores } = await openFleet();
    const asked = await Promise.all(Array.from({ length: 8 }, ask));
    expect(asked.filter(jobs => jobs.length > 0)).toHaveLength(1);
    expect(await queue.depth()).toEqual({ waiting: 2, active: 0 });
    const { rows } = await stores.trainingRuns.page(shopId, { first: 100 });
    expect(rows.map(({ model, status }) => [model, status]).sort()).toEqual([
      ['item-neighbours', 'QUEUED'],
      ['popularity', 'QUEUED'],
    ]);
  });

  it('are not queued for a shop with a live artifact, also one that was published during the wait', async () => {
    const { stores, queue, ask } = await openFleet();
    const record = {
      ...{ shopId, id: 'a', model: 'popularity', version: 'v', snapshotDigest: 'd', byteLength: 1 },
      ...{ config: {}, metrics: {}, isLive: false, createdAt: start, publishedAt: null },
    };
    let asked: Promise<unknown> = Promise.resolve();
    await stores.locks.hold(queueLockOf(shopId), async () => {
      asked = ask();
      const bytes = Uint8Array.from([1]);
      const checksum = '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a';
      await stores.artifacts.save({ ...record, checksum }, bytes);
      await stores.artifacts.publish(shopId, 'a', start);
    });
    expect(await asked).toEqual([]);
    expect(await ask()).toEqual([]);
    expect(await queue.depth()).toEqual({ waiting: 0, active: 0 });
  });

  it('are not queued for a shop without events', async () => {
    const { ask } = await openFleet([]);
    expect(await ask()).toEqual([]);
  });
});
