import { toProductId } from '../../src/domain/ids';
import { defaultEventWeights } from '../../src/domain/shopPolicy';
import type { Stores } from '../../src/store/ports/stores';
import { readSnapshot } from '../../src/training/readSnapshot';
import { runTraining } from '../../src/training/runTraining';
import { openShop, runOptions, shopId, start, tastefulEvents } from './support';

const events = tastefulEvents({ users: 60, events: 900, seed: 1 });
const { signal } = new AbortController();
const later = start + 1e11;

const describeProduct = (stores: Stores, id: string, title: string, isActive = true) =>
  stores.products.upsertMany(shopId, [{ id: toProductId(id), title, isActive }], start);

it('has rows and texts of products without events, and texts of inactive ones with events', async () => {
  const stores = await openShop(events);
  await describeProduct(stores, 'new', 'New');
  await describeProduct(stores, 'retired', 'Retired', false);
  await describeProduct(stores, 'p0', 'Retired and met', false);
  const { products, documents = [] } = await readSnapshot(stores, shopId, later, signal);
  expect(documents[products.rowOf('new')]?.titles).toEqual(['New']);
  expect(products.rowOf('retired')).toBe(-1);
  expect(documents[products.rowOf('p0')]?.titles).toEqual(['Retired and met']);
  expect(documents[products.rowOf('p1')]).toBeNull();
});

it('has another digest when only a text changed, and the same without changes', async () => {
  const stores = await openShop(events);
  const digestOf = async () => (await readSnapshot(stores, shopId, later, signal)).digest;
  const digests = [await digestOf()];
  for (const title of ['One', 'One', 'Two']) {
    await describeProduct(stores, 'p0', title);
    digests.push(await digestOf());
  }
  expect(digests[1]).toBe(digests[2]);
  expect(new Set(digests).size).toBe(3);
});

it('trains again when only the products changed', async () => {
  const stores = await openShop(events);
  const job = { shopId, runId: 'run', model: 'popularity', seed: 1 };
  await runTraining(runOptions(stores, { job, newId: () => 'first' }));
  await describeProduct(stores, 'new', 'New');
  const run = await runTraining(runOptions(stores, { job, newId: () => 'second' }));
  expect(run).toMatchObject({ status: 'PUBLISHED', artifactId: 'second' });
});

it("reads the event weights of the shop's policy, and trains again only when they changed", async () => {
  const stores = await openShop(events);
  const job = { shopId, runId: 'run', model: 'popularity', seed: 1 };
  const plain = await readSnapshot(stores, shopId, later, signal);
  await runTraining(runOptions(stores, { job, newId: () => 'first' }));
  await stores.shops.changePolicy(shopId, { 'newcomers.every': 3, 'alreadySeen.rule': 'KEEP' });
  const same = await runTraining(runOptions(stores, { job, newId: () => 'second' }));
  expect(same).toMatchObject({ artifactId: 'first', snapshotDigest: plain.digest });
  await stores.shops.changePolicy(shopId, { 'eventWeights.VIEW': 2 });
  const snapshot = await readSnapshot(stores, shopId, later, signal);
  expect(snapshot.eventWeights).toEqual({ ...defaultEventWeights, VIEW: 2 });
  const anew = await runTraining(runOptions(stores, { job, newId: () => 'third' }));
  expect(anew).toMatchObject({ artifactId: 'third', snapshotDigest: snapshot.digest });
  await stores.shops.changePolicy(shopId, { 'eventWeights.VIEW': null });
  expect((await readSnapshot(stores, shopId, later, signal)).digest).toBe(plain.digest);
});
