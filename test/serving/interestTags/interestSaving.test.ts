import { toProductId, toUserId, type UserId } from '../../../src/domain/ids';
import { defaultShopPolicy, type PolicyChange, shopPolicyOf } from '../../../src/domain/shopPolicy';
import type { TagWeight } from '../../../src/insights/interestTags/tags';
import { saveInterests } from '../../../src/serving/interestTags/interestSaving';
import { createInterests, type Interests } from '../../../src/serving/interestTags/interests';
import { createMemoryStores } from '../../../src/store/memory/stores';
import type { Stores } from '../../../src/store/ports/stores';
import { readSnapshot } from '../../../src/training/readSnapshot';
import { event, start } from '../../conformance/stores/promise';
import { createTestInterests, fakeTags } from '../../support/fakeTags';
import { shopId } from '../support';

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

it('leaves what was saved since the snapshot was read, and removes what is older', async () => {
  const stores = await openShop([ann, bob]);
  const snapshot = await readSnapshot(stores, shopId, readAt, new AbortController().signal);
  await stores.interactions.insertMany([cy, dee].map(userId => event(shopId, `e-${userId}`, { userId })));
  await stores.interests.saveUsers(shopId, new Map([ann, cy].map(id => [id, savedAs(0.5)])), readAt + 1);
  await stores.interests.saveUsers(shopId, new Map([bob, dee].map(id => [id, savedAs(0.5)])), readAt - 1);
  await saveInterests(
    { stores, halfLifeDays: 30, clock: () => readAt + 60_000 },
    { shopId, version: 'v1', tags: fakeTags, snapshot, readAt },
  );
  const found = await stores.interests.tagsOfUsers(shopId, [ann, bob, cy, dee]);
  expect(found.get(ann)).toEqual(savedAs(0.5));
  expect(found.get(cy)).toEqual(savedAs(0.5));
  expect(found.get(bob)).not.toEqual(savedAs(0.5));
  expect(found.has(dee)).toBe(false);
});

/** Interests of a shop whose event loop turns are counted while something is done; at which turns tags were asked for. */
async function turnsOf(
  stores: Stores,
  ask: (interests: Interests) => Promise<unknown>,
  asked: 'tagsOfProduct' | 'tagsOfText',
): Promise<readonly number[]> {
  let turn = 0;
  const turns: number[] = [];
  const counted =
    <Key>(answer: (key: Key) => readonly TagWeight[], isAsked: boolean) =>
    (key: Key): readonly TagWeight[] => {
      if (isAsked) turns.push(turn);
      return answer(key);
    };
  const tags = {
    ...fakeTags,
    tagsOfProduct: counted(fakeTags.tagsOfProduct, asked === 'tagsOfProduct'),
    tagsOfText: counted(fakeTags.tagsOfText, asked === 'tagsOfText'),
  };
  const interests = createInterests({
    stores,
    liveTags: async () => tags,
    policyOf: async () => defaultShopPolicy,
    halfLifeDays: 30,
    clock: () => readAt,
    onError: error => {
      throw error;
    },
  });
  let ticking = setImmediate(function tick() {
    turn++;
    ticking = setImmediate(tick);
  });
  await ask(interests);
  await interests.stop();
  clearImmediate(ticking);
  return turns;
}

it('lets the event loop turn between shoppers when it saves what they are into', async () => {
  const users = [ann, bob, cy];
  const touch = async (interests: Interests) => interests.touch(shopId, users);
  const turns = await turnsOf(await openShop(users), touch, 'tagsOfProduct');
  expect(new Set(turns).size).toBe(users.length);
});

it('lets the event loop turn between the texts of a shopper', async () => {
  const stores = await openShop([ann]);
  const search = { userId: ann, productId: null, type: 'SEARCH' as const };
  await stores.interactions.insertMany(
    Array.from({ length: 40 }, (_, at) => event(shopId, `s-${at}`, { ...search, queryText: `unheard${at}` })),
  );
  const ask = async (interests: Interests) => interests.of(shopId, ann, await interests.tree(shopId), readAt);
  const turns = await turnsOf(stores, ask, 'tagsOfText');
  expect(new Set(turns).size).toBeGreaterThanOrEqual(10);
});

it("weighs events by the shop's weights, at a request and beside a publication", async () => {
  const stores = await openShop([]);
  await stores.shops.upsert({ id: shopId, name: 'S', defaultLocale: 'en', currency: 'EUR' });
  await stores.interactions.insertMany([
    event(shopId, 'bought', { type: 'PURCHASE', productId: toProductId('p03'), occurredAt: start }),
    event(shopId, 'seen', { productId: toProductId('p01'), occurredAt: start }),
  ]);
  const weightsOf = (tags: readonly { readonly tagId: string; readonly weight: number }[]) =>
    Object.fromEntries(tags.map(({ tagId, weight }) => [tagId, Number(weight.toFixed(9))]));
  const asked = async (change: PolicyChange) => {
    const interests = createTestInterests({
      stores,
      policyOf: async () => shopPolicyOf(change),
      clock: () => readAt,
      onError: error => {
        throw error;
      },
    });
    const { interests: found } = await interests.of(shopId, ann, await interests.tree(shopId), readAt);
    await interests.stop();
    return weightsOf(found);
  };
  const saved = async (change: PolicyChange) => {
    await stores.shops.changePolicy(shopId, change);
    const snapshot = await readSnapshot(stores, shopId, readAt, new AbortController().signal);
    const published = { shopId, version: 'v', tags: fakeTags, snapshot, readAt };
    await saveInterests({ stores, halfLifeDays: 30, clock: () => readAt }, published);
    return weightsOf((await stores.interests.tagsOfUsers(shopId, [ann])).get(ann) ?? []);
  };
  const change = { 'eventWeights.VIEW': 20 };
  const usual = await saved({});
  expect(usual['kitchen']).toBeGreaterThan(usual['garden']);
  expect(await asked({})).toEqual(usual);
  const own = await asked(change);
  expect(own['garden']).toBeGreaterThan(own['kitchen']);
  expect(await saved(change)).toEqual(own);
});
