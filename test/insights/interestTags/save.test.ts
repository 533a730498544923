import { toUserId, type UserId } from '../../../src/domain/ids';
import { saveInterests } from '../../../src/insights/interestTags/save';
import { createMemoryStores } from '../../../src/store/memory/stores';
import { readSnapshot } from '../../../src/training/readSnapshot';
import { event, start } from '../../conformance/stores/promise';
import { shopId } from '../../serving/support';
import { fakeTags } from '../../support/fakeTags';

const [ann, bob, cy, dee] = ['ann', 'bob', 'cy', 'dee'].map(toUserId);
const readAt = start + 1_000;
const savedAs = (weight: number) => [{ tagId: 'saved', weight, confidence: 1 }];

async function openShop(users: readonly UserId[]) {
  const stores = createMemoryStores();
  await stores.interactions.insertMany(
    users.map(userId => event(shopId, `e-${userId}`, { userId, queryText: 'garden', occurredAt: start })),
  );
  return stores;
}

it('keeps rows saved since the snapshot was read, and removes older ones', async () => {
  const stores = await openShop([ann, bob]);
  const snapshot = await readSnapshot(stores, shopId, readAt, new AbortController().signal);
  await stores.interactions.insertMany([cy, dee].map(userId => event(shopId, `e-${userId}`, { userId })));
  await stores.interests.saveUsers(shopId, new Map([ann, cy].map(id => [id, savedAs(0.5)])), readAt + 1);
  await stores.interests.saveUsers(shopId, new Map([bob, dee].map(id => [id, savedAs(0.5)])), readAt - 1);
  await saveInterests(
    { stores, history: { maxEvents: 200, halfLifeDays: 30 }, clock: () => readAt + 60_000 },
    { shopId, version: 'v1', tags: fakeTags, snapshot, readAt },
  );
  const found = await stores.interests.tagsOfUsers(shopId, [ann, bob, cy, dee]);
  expect(found.get(ann)).toEqual(savedAs(0.5));
  expect(found.get(cy)).toEqual(savedAs(0.5));
  expect(found.get(bob)).not.toEqual(savedAs(0.5));
  expect(found.has(dee)).toBe(false);
});
